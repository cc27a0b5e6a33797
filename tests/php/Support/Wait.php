<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use Closure;
use PHPUnit\Framework\Assert;

/** Waits for a condition instead of for a time. */
final class Wait
{
    private const POLL_MICROSECONDS = 20_000;

    /**
     * @param Closure(): bool $condition
     * @param string|Closure(): string $what what was waited for, for the message of a test that fails
     */
    public static function until(Closure $condition, float $withinSeconds, string|Closure $what): void
    {
        $deadline = hrtime(true) / 1e9 + $withinSeconds;

        while (! $condition()) {
            if (hrtime(true) / 1e9 > $deadline) {
                Assert::fail("Waited {$withinSeconds} s in vain for " . ($what instanceof Closure ? $what() : $what));
            }

            usleep(self::POLL_MICROSECONDS);
        }
    }
}
