<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use Symfony\Component\Console\Formatter\OutputFormatter;

/**
 * Text from elsewhere (queue names, workers' output, exceptions), made safe to show: an escape sequence could command the
 * operator's terminal, and a line break could forge a line of the log.
 *
 * @internal
 */
final class Printable
{
    /**
     * Control and format characters (C0, C1, bidirectional overrides), line and paragraph separators, and bytes that are not UTF-8
     * as what PHP would write for them, such as `\e` or `\u{202E}`.
     */
    public static function text(string $text): string
    {
        $valid = mb_scrub($text, 'UTF-8');

        return (string) preg_replace_callback('/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u', self::escape(...), $valid);
    }

    /** The same without Symfony's tags, for an output that formats. */
    public static function untagged(string $text): string
    {
        return OutputFormatter::escape(self::text($text));
    }

    /** JSON on one line, in which a terminal finds nothing to obey either. */
    public static function json(mixed $value): string
    {
        $json = json_encode(
            $value,
            JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR,
        );

        // JSON escapes the first 32 characters by itself.
        return (string) preg_replace_callback(
            '/[\x7F\p{Cc}\p{Cf}]/u',
            static fn(array $match): string => $match[0] === "\x7F" ? '\u007f' : trim((string) json_encode($match[0]), '"'),
            $json,
        );
    }

    /** @param array{string} $match */
    private static function escape(array $match): string
    {
        return match ($match[0]) {
            "\n" => '\n',
            "\r" => '\r',
            "\t" => '\t',
            "\e" => '\e',
            // Joins emojis, and letters of several scripts.
            "\u{200D}", "\u{200C}" => $match[0],
            default => sprintf('\u{%X}', mb_ord($match[0], 'UTF-8')),
        };
    }
}
