<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

/**
 * The library's C header, as far as PHP's FFI understands it.
 *
 * @internal
 */
final class Header
{
    /** What every version of the library has. */
    public const VERSION_FUNCTIONS = 'uint32_t qa_abi_version(void); const char *qa_version(void);';

    private const FILE = __DIR__ . '/../../../include/queue_autoscale.h';

    /** All types and functions. FFI knows neither the preprocessor nor C++, but it knows what the headers included declare. */
    public static function declarations(): string
    {
        $withoutPreprocessor = (string) preg_replace('/^#.*$/m', '', self::text());

        return (string) preg_replace('/^extern "C" \{$|^\}  \/\/ extern "C"$/m', '', $withoutPreprocessor);
    }

    public static function abiVersion(): int
    {
        preg_match('/^#define QA_ABI_VERSION (\d+)$/m', self::text(), $found);

        return (int) ($found[1] ?? 0);
    }

    private static function text(): string
    {
        return (string) file_get_contents(self::FILE);
    }
}
