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
    public const VERSION_FUNCTIONS = <<<'C'
        uint32_t qa_abi_version(void);
        uint32_t qa_abi_revision(void);
        const char *qa_version(void);
        C;

    private const FILE = __DIR__ . '/../../../include/queue_autoscale.h';

    /** All types and functions. FFI knows neither the preprocessor nor C++, but it knows what the headers included declare. */
    public static function declarations(): string
    {
        $withoutPreprocessor = (string) preg_replace('/^#.*$/m', '', self::text());

        return (string) preg_replace('/^extern "C" \{$|^\}  \/\/ extern "C"$/m', '', $withoutPreprocessor);
    }

    /** Rises with what breaks a caller. */
    public static function abiVersion(): int
    {
        return self::number('QA_ABI_VERSION');
    }

    /** Counts what was only added since. */
    public static function abiRevision(): int
    {
        return self::number('QA_ABI_REVISION');
    }

    private static function number(string $name): int
    {
        preg_match("/^#define {$name} (\\d+)$/m", self::text(), $found);

        return (int) ($found[1] ?? 0);
    }

    private static function text(): string
    {
        return (string) file_get_contents(self::FILE);
    }
}
