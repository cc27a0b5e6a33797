<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

/**
 * What is known of one queue from cycle to cycle. Times are of a clock that never goes back.
 *
 * @internal
 */
final class KnownQueue
{
    /** @var ?array<string, mixed> the last row, of the metrics or asked for; null where there was none yet */
    private ?array $row = null;

    private ?float $askedAt = null;

    private ?string $failure = null;

    /** When it last had a row of the metrics, jobs or workers. */
    private float $aliveAt = -INF;

    public function __construct(
        public readonly QueueName $name,
        /** Half of its SLA: a job that is found then can still be picked up in time. */
        public readonly float $askEverySeconds,
    ) {
    }

    /** @param array<string, mixed> $row of the metrics */
    public function hasRow(array $row, float $nowSeconds): void
    {
        $this->row = $row;
        $this->failure = null;
        $this->aliveAt = $nowSeconds;
        // Once the row is gone there is no time to lose.
        $this->askedAt = null;
    }

    public function hasWorkers(float $nowSeconds): void
    {
        $this->aliveAt = $nowSeconds;
    }

    /** @param array<string, mixed> $row that it was asked for */
    public function answered(array $row, float $nowSeconds): void
    {
        $this->row = $row;
        $this->failure = null;
        $this->askedAt = $nowSeconds;

        if ($this->hasJobs()) {
            $this->aliveAt = $nowSeconds;
        }
    }

    public function failed(string $why, float $nowSeconds): void
    {
        $this->failure = $why;
        $this->askedAt = $nowSeconds;
    }

    /** As far as its last row tells. */
    public function hasJobs(): bool
    {
        $depth = $this->row['depth'] ?? null;

        return is_array($depth) && ($depth['total'] ?? 0) > 0;
    }

    public function failure(): ?string
    {
        return $this->failure;
    }

    /** @return ?array<string, mixed> */
    public function lastRow(): ?array
    {
        return $this->row;
    }

    public function askedAt(): float
    {
        return $this->askedAt ?? -INF;
    }

    public function dueAt(): float
    {
        return $this->askedAt() + $this->askEverySeconds;
    }

    public function aliveAt(): float
    {
        return $this->aliveAt;
    }

    public function wasEverAlive(): bool
    {
        return $this->aliveAt > -INF;
    }
}
