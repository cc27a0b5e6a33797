<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Support\Collection;

/** Counts how often the workers are asked for. */
final class CountedHeartbeats implements WorkerHeartbeatRepository
{
    public function __construct(private readonly WorkerHeartbeatRepository $real, private readonly Readings $readings)
    {
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
        $this->real->recordHeartbeat(...func_get_args());
    }

    public function transitionState(string $workerId, WorkerState $newState, Carbon $transitionTime): void
    {
        $this->real->transitionState($workerId, $newState, $transitionTime);
    }

    public function getWorker(string $workerId): ?WorkerHeartbeat
    {
        return $this->real->getWorker($workerId);
    }

    public function getActiveWorkers(?string $connection = null, ?string $queue = null): Collection
    {
        $this->readings->workers++;

        return $this->real->getActiveWorkers($connection, $queue);
    }

    public function getWorkersByState(WorkerState $state): Collection
    {
        return $this->real->getWorkersByState($state);
    }

    public function detectStaledWorkers(int $thresholdSeconds = 60): int
    {
        return $this->real->detectStaledWorkers($thresholdSeconds);
    }

    public function removeWorker(string $workerId): void
    {
        $this->real->removeWorker($workerId);
    }

    public function cleanup(int $olderThanSeconds): int
    {
        return $this->real->cleanup($olderThanSeconds);
    }
}
