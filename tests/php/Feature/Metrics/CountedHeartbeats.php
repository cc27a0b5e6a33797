<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Metrics;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Support\Collection;

/** Counts how often all records are read. */
final class CountedHeartbeats implements WorkerHeartbeatRepository
{
    public int $readings = 0;

    public function __construct(private readonly WorkerHeartbeatRepository $inner)
    {
    }

    public function getActiveWorkers(?string $connection = null, ?string $queue = null): Collection
    {
        $this->readings++;

        return $this->inner->getActiveWorkers($connection, $queue);
    }

    public function recordHeartbeat(
        string $workerId,
        string $connection,
        string $queue,
        WorkerState $state,
        string|int|null $currentJobId,
        ?string $currentJobClass,
        int $pid,
        string $hostname,
        float $memoryUsageMb = 0.0,
        float $cpuUsagePercent = 0.0,
    ): void {
        $this->inner->recordHeartbeat($workerId, $connection, $queue, $state, $currentJobId, $currentJobClass, $pid, $hostname);
    }

    public function transitionState(string $workerId, WorkerState $newState, Carbon $transitionTime): void
    {
        $this->inner->transitionState($workerId, $newState, $transitionTime);
    }

    public function getWorker(string $workerId): ?WorkerHeartbeat
    {
        return $this->inner->getWorker($workerId);
    }

    public function getWorkersByState(WorkerState $state): Collection
    {
        return $this->inner->getWorkersByState($state);
    }

    public function detectStaledWorkers(int $thresholdSeconds = 60): int
    {
        return $this->inner->detectStaledWorkers($thresholdSeconds);
    }

    public function removeWorker(string $workerId): void
    {
        $this->inner->removeWorker($workerId);
    }

    public function cleanup(int $olderThanSeconds): int
    {
        return $this->inner->cleanup($olderThanSeconds);
    }
}
