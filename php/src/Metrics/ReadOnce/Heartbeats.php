<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics\ReadOnce;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Support\Collection;

/**
 * The workers' records of QueueMetrics, read once a reading. By itself it reads all of them for each queue, which makes a
 * reading cost queues times records.
 *
 * @internal
 */
final class Heartbeats implements WorkerHeartbeatRepository
{
    public function __construct(
        private readonly WorkerHeartbeatRepository $inner,
        private readonly Memo $memo,
    ) {
    }

    public function getActiveWorkers(?string $connection = null, ?string $queue = null): Collection
    {
        if (! $this->memo->isReading()) {
            return $this->inner->getActiveWorkers($connection, $queue);
        }

        if ($connection === null || $queue === null) {
            return $this->active()->filter(
                static fn(WorkerHeartbeat $worker): bool => ($connection === null || $worker->connection === $connection)
                    && ($queue === null || $worker->queue === $queue),
            )->values();
        }

        return $this->byQueue()[self::key($connection, $queue)] ?? new Collection();
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
        $this->memo->forget();
        $this->inner->recordHeartbeat(
            $workerId,
            $connection,
            $queue,
            $state,
            $currentJobId,
            $currentJobClass,
            $pid,
            $hostname,
            $memoryUsageMb,
            $cpuUsagePercent,
        );
    }

    public function transitionState(string $workerId, WorkerState $newState, Carbon $transitionTime): void
    {
        $this->memo->forget();
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
        $this->memo->forget();

        return $this->inner->detectStaledWorkers($thresholdSeconds);
    }

    public function removeWorker(string $workerId): void
    {
        $this->memo->forget();
        $this->inner->removeWorker($workerId);
    }

    public function cleanup(int $olderThanSeconds): int
    {
        $this->memo->forget();

        return $this->inner->cleanup($olderThanSeconds);
    }

    /** @return Collection<int, WorkerHeartbeat> */
    private function active(): Collection
    {
        return $this->memo->once('active workers', fn(): Collection => $this->inner->getActiveWorkers());
    }

    /** @return array<string, Collection<int, WorkerHeartbeat>> */
    private function byQueue(): array
    {
        return $this->memo->once('active workers by queue', fn(): array => $this->active()
            ->groupBy(static fn(WorkerHeartbeat $worker): string => self::key($worker->connection, $worker->queue))
            ->all());
    }

    private static function key(string $connection, string $queue): string
    {
        return "{$connection}\0{$queue}";
    }
}
