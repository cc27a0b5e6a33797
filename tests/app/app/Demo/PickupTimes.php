<?php

declare(strict_types=1);

namespace App\Demo;

/** How long the jobs of one queue waited from being queued to their first start. */
final class PickupTimes
{
    /** @var list<float> in ascending order */
    private array $seconds;

    /** @param list<float> $seconds */
    public function __construct(array $seconds)
    {
        sort($seconds);
        $this->seconds = $seconds;
    }

    public function count(): int
    {
        return count($this->seconds);
    }

    public function shareWithinPercent(float $limitSeconds): float
    {
        $within = count(array_filter($this->seconds, static fn(float $seconds): bool => $seconds <= $limitSeconds));

        return $this->seconds === [] ? 100.0 : 100.0 * $within / count($this->seconds);
    }

    /** The shortest time that so many percent of the jobs did not exceed (the nearest rank). */
    public function percentileSeconds(float $percent): float
    {
        $rank = max(1, (int) ceil($percent / 100 * count($this->seconds)));

        return $this->seconds[$rank - 1] ?? 0.0;
    }
}
