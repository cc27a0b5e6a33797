<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

/**
 * How long it is from one cycle to the next: the interval, or longer where reading the metrics would take too much of the time; but
 * never so long that a job could wait beyond its SLA unseen.
 *
 * @internal
 */
final class CyclePace
{
    /** Of the time; the rest is the application's. */
    private const MAX_READING_SHARE = 0.2;

    /** One slow reading, as while Redis saves to disk, must not put off the next cycle: the median of three is the two others'. */
    private const READINGS = 3;

    /** A job that comes right after a reading is seen at half of its SLA at the latest, so that the other half is left to act. */
    private const MAX_SLA_SHARE = 0.5;

    /** @var list<float> the last ones, in seconds */
    private array $readings = [];

    public function __construct(private readonly float $intervalSeconds)
    {
    }

    public function readingTook(float $seconds): void
    {
        $this->readings = array_slice([...$this->readings, $seconds], -self::READINGS);
    }

    /** @param ?float $strictestSlaSeconds of all pools; null where none is known */
    public function secondsToNext(?float $strictestSlaSeconds): float
    {
        if ($this->readings === []) {
            return $this->intervalSeconds;
        }

        $sorted = $this->readings;
        sort($sorted);
        $seconds = $sorted[intdiv(count($sorted) - 1, 2)] / self::MAX_READING_SHARE;
        $longest = $strictestSlaSeconds === null ? INF : self::MAX_SLA_SHARE * $strictestSlaSeconds;

        return max($this->intervalSeconds, min($seconds, $longest));
    }
}
