<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics;

use Cbox\LaravelQueueMetrics\Actions\CalculateQueueMetricsAction;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use Throwable;

/**
 * Reads cboxdk/laravel-queue-metrics.
 *
 * @internal
 */
final class QueueMetricsSource implements MetricsSource
{
    public function __construct(private readonly CalculateQueueMetricsAction $calculate)
    {
    }

    public static function isInstalled(): bool
    {
        return class_exists(QueueMetrics::class) && class_exists(CalculateQueueMetricsAction::class);
    }

    public function read(): array
    {
        try {
            // Its throughput is a snapshot that stays as it is until it is calculated anew.
            $this->calculate->executeForAllQueues();

            return QueueMetrics::getAllQueuesWithMetrics();
        } catch (Throwable $cause) {
            throw MetricsUnavailable::because($cause);
        }
    }
}
