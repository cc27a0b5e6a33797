<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\Format;

final class FormatTest extends TestCase
{
    #[TestWith([null, '–'])]
    #[TestWith([0.04, '0.0 s'])]
    #[TestWith([9.94, '9.9 s'])]
    #[TestWith([61.0, '61 s'])]
    #[TestWith([160.0, '3 min'])]
    #[TestWith([7300.0, '2 h'])]
    public function test_times_have_few_digits(?float $seconds, string $expected): void
    {
        self::assertSame($expected, Format::seconds($seconds));
    }

    #[TestWith([0.0, '0/s'])]
    #[TestWith([0.05, '3.0/min'])]
    #[TestWith([0.1, '0.1/s'])]
    #[TestWith([12.34, '12.3/s'])]
    #[TestWith([250.4, '250/s'])]
    public function test_rates_have_few_digits(float $perSecond, string $expected): void
    {
        self::assertSame($expected, Format::rate($perSecond));
    }
}
