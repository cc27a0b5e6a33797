<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Repositories\Contracts;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Illuminate\Support\Collection;

/** The real package's contract: what workers told of themselves. Applications may decorate it in the container. */
interface WorkerHeartbeatRepository
{
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
    ): void;

    public function transitionState(string $workerId, WorkerState $newState, Carbon $transitionTime): void;

    public function getWorker(string $workerId): ?WorkerHeartbeat;

    /** @return Collection<int, WorkerHeartbeat> */
    public function getActiveWorkers(?string $connection = null, ?string $queue = null): Collection;

    /** @return Collection<int, WorkerHeartbeat> */
    public function getWorkersByState(WorkerState $state): Collection;

    /** @return int how many were marked as crashed */
    public function detectStaledWorkers(int $thresholdSeconds = 60): int;

    public function removeWorker(string $workerId): void;

    /** @return int how many records were removed */
    public function cleanup(int $olderThanSeconds): int;
}
