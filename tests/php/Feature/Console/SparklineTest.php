<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\Sparkline;

final class SparklineTest extends TestCase
{
    public function test_the_highest_value_fills_the_line(): void
    {
        self::assertSame('▁▃▅█', Sparkline::of([0, 25, 50, 100], 4));
    }

    public function test_only_nothing_is_drawn_as_nothing(): void
    {
        self::assertSame('▁▂█', Sparkline::of([0, 1, 1000], 3));
    }

    public function test_the_last_value_stands_at_the_right(): void
    {
        self::assertSame('  ▁█', Sparkline::of([0, 5], 4));
        self::assertSame('▅█', Sparkline::of([9, 9, 1, 2], 2));
    }
}
