<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\DataTransferObjects;

use Carbon\Carbon;

final readonly class QueueDepthData
{
    /** @param int $delayedDueNowJobs those of $delayedJobs whose time has come; always 0 but on Redis */
    public function __construct(
        public string $connection,
        public string $queue,
        public int $pendingJobs,
        public int $reservedJobs,
        public int $delayedJobs,
        public ?Carbon $oldestPendingJobAge,
        public ?Carbon $oldestDelayedJobAge,
        public Carbon $measuredAt,
        public int $delayedDueNowJobs = 0,
    ) {
    }

    /** @return array{depth: int, pending: int, scheduled: int, reserved: int, delayed_due_now: int, oldest_job_age: int} */
    public function toQueueStateArray(): array
    {
        return [
            'depth' => $this->totalJobs(),
            'pending' => $this->pendingJobs,
            'scheduled' => $this->delayedJobs,
            'reserved' => $this->reservedJobs,
            'delayed_due_now' => $this->delayedDueNowJobs,
            'oldest_job_age' => (int) ($this->secondsOldestPendingJob() ?? 0),
        ];
    }

    public function totalJobs(): int
    {
        return $this->pendingJobs + $this->reservedJobs + $this->delayedJobs;
    }

    public function isEmpty(): bool
    {
        return $this->totalJobs() === 0;
    }

    public function secondsOldestPendingJob(): ?float
    {
        return $this->oldestPendingJobAge?->diffInSeconds(Carbon::now(), true);
    }
}
