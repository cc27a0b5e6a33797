<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Printable;

final class PrintableTest extends TestCase
{
    #[TestWith(["plain, ünïcödé, 日本, 👩\u{200D}💻", "plain, ünïcödé, 日本, 👩\u{200D}💻"])]
    #[TestWith(["two\nlines\r\tand \e[31mred", 'two\nlines\r\tand \e[31mred'])]
    #[TestWith(["\u{9B}2J\x07\x7F\u{202E}\u{2028}", '\u{9B}2J\u{7}\u{7F}\u{202E}\u{2028}'])]
    #[TestWith(["not \xFF UTF-8", 'not ? UTF-8'])]
    public function test_control_characters_become_visible(string $text, string $expected): void
    {
        self::assertSame($expected, Printable::text($text));
    }

    public function test_json_says_the_same_and_commands_nothing(): void
    {
        $value = ['text' => "a\n\e[2J\u{9B}\x7F\u{202E}\u{E0001}\u{2028}é/"];

        $json = Printable::json($value);

        self::assertSame($value, json_decode($json, associative: true));
        self::assertDoesNotMatchRegularExpression('/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u', $json);
        self::assertStringContainsString('é/', $json);
    }
}
