<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Support\Carbon;

/**
 * Asks QueueMetrics for the depth of one queue and tells it in the form of its rows.
 *
 * @internal
 */
final class Depths
{
    /**
     * @return array<string, mixed> a row of QueueMetrics. Nothing but the depth is in it: that a queue has no row of its own means
     *         that no job of it was heard of for an hour, so its throughput is 0
     */
    public function of(QueueName $name): array
    {
        $depth = QueueMetrics::getQueueDepth($name->connection, $name->queue);

        return [
            'connection' => $name->connection,
            'queue' => $name->queue,
            'driver' => $name->connection,
            'depth' => [
                'total' => $depth->totalJobs(),
                'pending' => $depth->pendingJobs,
                'scheduled' => $depth->delayedJobs,
                'reserved' => $depth->reservedJobs,
                'oldest_job_age_seconds' => $depth->secondsOldestPendingJob() ?? 0,
                'oldest_job_age_status' => $depth->oldestPendingJobAge?->toIso8601String() ?? 'unknown',
                ...self::dueNow($depth),
            ],
            'performance_60s' => ['throughput_per_minute' => 0.0, 'avg_duration_ms' => 0.0, 'window_seconds' => 60],
            'asked_for' => true,
            'timestamp' => Carbon::now()->toIso8601String(),
        ];
    }

    /** @return array{delayed_due_now?: int} nothing where the package does not tell it, which is not the same as none */
    private static function dueNow(QueueDepthData $depth): array
    {
        return property_exists($depth, 'delayedDueNowJobs') ? ['delayed_due_now' => $depth->delayedDueNowJobs] : [];
    }
}
