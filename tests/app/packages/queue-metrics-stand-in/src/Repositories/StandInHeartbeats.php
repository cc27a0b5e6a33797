<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Repositories;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Cbox\LaravelQueueMetrics\StandInStore;
use Illuminate\Support\Collection;

/** Reads each worker's record by itself, and all of them for each question, stopped workers' too, as the real one does. */
final class StandInHeartbeats implements WorkerHeartbeatRepository
{
    public function __construct(private readonly StandInStore $store)
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
        $this->store->workerSeen($workerId, $pid, $connection, $queue, $state->value);
    }

    public function transitionState(string $workerId, WorkerState $newState, Carbon $transitionTime): void
    {
        $this->store->workerChanged($workerId, $newState->value);
    }

    public function getWorker(string $workerId): ?WorkerHeartbeat
    {
        $record = $this->store->worker($workerId);

        return $record === null ? null : new WorkerHeartbeat(
            workerId: $workerId,
            connection: $record['connection'],
            queue: $record['queues'],
            state: WorkerState::from($record['state']),
            lastHeartbeat: Carbon::createFromTimestamp($record['last_seen_at']),
            lastStateChange: null,
            currentJobId: null,
            currentJobClass: null,
            idleTimeSeconds: $record['idle_seconds'],
            busyTimeSeconds: $record['busy_seconds'],
            jobsProcessed: 0,
            pid: $record['pid'],
            hostname: (string) gethostname(),
        );
    }

    public function getActiveWorkers(?string $connection = null, ?string $queue = null): Collection
    {
        return $this->all()->filter(
            static fn(WorkerHeartbeat $worker): bool => $worker->state->isActive()
                && ($connection === null || $worker->connection === $connection)
                && ($queue === null || $worker->queue === $queue),
        )->values();
    }

    public function getWorkersByState(WorkerState $state): Collection
    {
        return $this->all()->filter(static fn(WorkerHeartbeat $worker): bool => $worker->state === $state)->values();
    }

    public function detectStaledWorkers(int $thresholdSeconds = 60): int
    {
        $stale = $this->all()->filter(
            static fn(WorkerHeartbeat $worker): bool => $worker->state->isActive()
                && $worker->lastHeartbeat->getTimestamp() <= time() - $thresholdSeconds,
        );
        $stale->each(fn(WorkerHeartbeat $worker) => $this->store->workerChanged($worker->workerId, WorkerState::CRASHED->value));

        return $stale->count();
    }

    public function removeWorker(string $workerId): void
    {
        $this->store->forgetWorker($workerId);
    }

    public function cleanup(int $olderThanSeconds): int
    {
        return $this->store->forgetWorkersSeenBefore(time() - $olderThanSeconds);
    }

    /** @return Collection<int, WorkerHeartbeat> */
    private function all(): Collection
    {
        return (new Collection($this->store->workerIds()))->map($this->getWorker(...))->filter()->values();
    }
}
