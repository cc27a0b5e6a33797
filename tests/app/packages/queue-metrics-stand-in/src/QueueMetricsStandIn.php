<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Illuminate\Contracts\Queue\Factory as Queues;
use Illuminate\Support\Carbon;

/**
 * The array that QueueMetrics::getAllQueuesWithMetrics() returns, with the inaccuracies of the real one: it reports no
 * durations, counts only successes, moves its window on only when told to, and counts dead workers for a while.
 */
final class QueueMetricsStandIn
{
    public function __construct(
        private readonly StandInStore $store,
        private readonly Queues $queues,
    ) {
    }

    /** @return array<string, array<string, mixed>> keyed "connection:queue" */
    public function getAllQueuesWithMetrics(): array
    {
        $rows = [];

        foreach ($this->store->queues() as $row) {
            // The real package cuts its keys at colons, so "emails:high" turns up as an "emails" that nobody fills.
            $name = explode(':', $row['queue'])[0];
            $rows["{$row['connection']}:{$name}"] = $this->row($row['connection'], $name, $row);
        }

        return $rows;
    }

    /**
     * @param array{throughput: int, succeeded: int, failed: int} $counts
     * @return array<string, mixed>
     */
    private function row(string $connection, string $queue, array $counts): array
    {
        $now = Carbon::now();
        $backend = $this->queues->connection($connection);
        $pending = $backend->pendingSize($queue);
        $scheduled = $backend->delayedSize($queue);
        $reserved = $backend->reservedSize($queue);
        $oldest = $pending > 0 ? $backend->creationTimeOfOldestPendingJob($queue) : null;
        $workers = $this->store->workersOf($connection, $queue, $now->getTimestamp());
        $attempts = $counts['succeeded'] + $counts['failed'];
        $busyPercent = $workers['active'] > 0 ? 100.0 * $workers['busy'] / $workers['active'] : 0.0;

        return [
            'connection' => $connection,
            'queue' => $queue,
            'driver' => $connection,
            'depth' => [
                'total' => $pending + $scheduled + $reserved,
                'pending' => $pending,
                'scheduled' => $scheduled,
                'reserved' => $reserved,
                'oldest_job_age_seconds' => $oldest === null ? 0 : max(0.0, $now->getPreciseTimestamp() / 1e6 - $oldest),
                'oldest_job_age_status' => $oldest === null
                    ? 'unknown'
                    : Carbon::createFromTimestamp($oldest)->toIso8601String(),
            ],
            'performance_60s' => [
                'throughput_per_minute' => (float) $counts['throughput'],
                'avg_duration_ms' => 0.0,
                'window_seconds' => StandInStore::WINDOW_SECONDS,
            ],
            'lifetime' => [
                'failure_rate_percent' => $attempts > 0 ? round(100.0 * $counts['failed'] / $attempts, 2) : 0.0,
            ],
            'workers' => [
                'active_count' => (int) $workers['active'],
                'current_busy_percent' => $busyPercent,
                'lifetime_busy_percent' => $busyPercent,
            ],
            'baseline' => null,
            'trends' => [
                'depth' => ['available' => false, 'message' => 'No historical data available'],
                'throughput' => ['available' => false, 'message' => 'No throughput data available'],
            ],
            'timestamp' => $now->toIso8601String(),
        ];
    }
}
