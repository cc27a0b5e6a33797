<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Cbox\LaravelQueueMetrics\DataTransferObjects\WorkerHeartbeat;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Support\Carbon;

/**
 * What QueueMetrics returns, with the inaccuracies of the real one: it reports no durations, counts only successes, moves
 * its window on only when told to, forgets queues of which it hears nothing, counts dead workers, and takes the longer the
 * more worker records there are.
 */
final class QueueMetricsStandIn
{
    public function __construct(
        private readonly StandInStore $store,
        private readonly QueueInspector $inspector,
        private readonly WorkerHeartbeatRepository $workers,
    ) {
    }

    public function getQueueDepth(string $connection = 'default', string $queue = 'default'): QueueDepthData
    {
        return $this->inspector->getQueueDepth($connection, $queue);
    }

    /** @return array<string, array<string, mixed>> keyed "connection:queue" */
    public function getAllQueuesWithMetrics(): array
    {
        $rows = [];

        foreach ($this->store->queues() as $queue) {
            // The real package cuts its keys at colons, so "emails:high" turns up as an "emails" that nobody fills.
            $name = explode(':', $queue['queue'])[0];
            $rows["{$queue['connection']}:{$name}"] = $this->row($queue['connection'], $name);
        }

        return $rows;
    }

    /** @return array<string, mixed> */
    private function row(string $connection, string $queue): array
    {
        // Three readings of the depth, and two of all workers' records where it is not 0, are what a row costs there.
        $depth = $this->inspector->getQueueDepth($connection, $queue);
        $this->inspector->getQueueDepth($connection, $queue);

        if ($this->inspector->getQueueDepth($connection, $queue)->totalJobs() > 0) {
            $this->workers->getActiveWorkers($connection, $queue);
        }

        $workers = $this->workers->getActiveWorkers($connection, $queue);
        $busy = $workers->filter(static fn(WorkerHeartbeat $worker): bool => $worker->state === WorkerState::BUSY)->count();
        $busySeconds = $workers->sum(static fn(WorkerHeartbeat $worker): float => $worker->busyTimeSeconds);
        $seconds = $busySeconds + $workers->sum(static fn(WorkerHeartbeat $worker): float => $worker->idleTimeSeconds);
        $snapshot = $this->store->snapshot($connection, $queue);

        return [
            'connection' => $connection,
            'queue' => $queue,
            'driver' => $connection,
            'depth' => [
                'total' => $depth->totalJobs(),
                'pending' => $depth->pendingJobs,
                'scheduled' => $depth->delayedJobs,
                'delayed_due_now' => $depth->delayedDueNowJobs,
                'reserved' => $depth->reservedJobs,
                'oldest_job_age_seconds' => $depth->secondsOldestPendingJob() ?? 0,
                'oldest_job_age_status' => $depth->oldestPendingJobAge?->toIso8601String() ?? 'unknown',
            ],
            'performance_60s' => [
                'throughput_per_minute' => $snapshot['throughput'],
                'avg_duration_ms' => 0.0,
                'window_seconds' => StandInStore::WINDOW_SECONDS,
            ],
            'lifetime' => ['failure_rate_percent' => $snapshot['failure_rate']],
            'workers' => [
                'active_count' => $workers->count(),
                'current_busy_percent' => $workers->isEmpty() ? 0.0 : round(100.0 * $busy / $workers->count(), 2),
                'lifetime_busy_percent' => $seconds > 0 ? round(100.0 * $busySeconds / $seconds, 2) : 0.0,
            ],
            'baseline' => null,
            'trends' => [
                'depth' => ['available' => false, 'message' => 'No historical data available'],
                'throughput' => ['available' => false, 'message' => 'No throughput data available'],
            ],
            'timestamp' => Carbon::now()->toIso8601String(),
        ];
    }
}
