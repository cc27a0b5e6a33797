<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Facades;

use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Cbox\LaravelQueueMetrics\QueueMetricsStandIn;
use Illuminate\Support\Facades\Facade;

/**
 * Stands in for the facade of cboxdk/laravel-queue-metrics.
 *
 * @method static array<string, array<string, mixed>> getAllQueuesWithMetrics()
 * @method static QueueDepthData getQueueDepth(string $connection = 'default', string $queue = 'default')
 */
final class QueueMetrics extends Facade
{
    protected static function getFacadeAccessor(): string
    {
        return QueueMetricsStandIn::class;
    }
}
