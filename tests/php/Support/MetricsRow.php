<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

/** Rows as QueueMetrics returns them. */
final class MetricsRow
{
    /**
     * @return array<string, array<string, mixed>> one row under its key
     */
    public static function of(
        string $queue,
        int $pending = 0,
        float $oldestAgeSeconds = 0.0,
        int $reserved = 0,
        float $throughputPerMinute = 0.0,
        string $connection = 'redis',
    ): array {
        return ["{$connection}:{$queue}" => [
            'connection' => $connection,
            'queue' => $queue,
            'driver' => $connection,
            'depth' => [
                'total' => $pending + $reserved,
                'pending' => $pending,
                'scheduled' => 0,
                'reserved' => $reserved,
                'oldest_job_age_seconds' => $oldestAgeSeconds,
                'oldest_job_age_status' => 'unknown',
            ],
            'performance_60s' => [
                'throughput_per_minute' => $throughputPerMinute,
                'avg_duration_ms' => 0.0,
                'window_seconds' => 60,
            ],
            'lifetime' => ['failure_rate_percent' => 0.0],
            'workers' => ['active_count' => 0, 'current_busy_percent' => 0.0, 'lifetime_busy_percent' => 0.0],
            'baseline' => null,
            'trends' => [],
            'timestamp' => '2026-11-24T22:00:00+00:00',
        ]];
    }
}
