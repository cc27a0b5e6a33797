<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics;

use Cbox\LaravelQueueMetrics\Actions\CalculateQueueMetricsAction;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Contracts\Foundation\Application;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Metrics\ReadOnce\CheapReading;
use Throwable;

/**
 * Reads cboxdk/laravel-queue-metrics.
 *
 * @internal
 */
final class QueueMetricsSource implements MetricsSource
{
    public function __construct(
        private readonly Application $app,
        private readonly CheapReading $cheap,
    ) {
    }

    public function read(): array
    {
        try {
            return $this->cheap->during($this->readAll(...));
        } catch (Throwable $cause) {
            throw MetricsUnavailable::because($cause, $this->app->make(Setup::class)->place());
        }
    }

    /** @return array<string, array<string, mixed>> */
    private function readAll(): array
    {
        // Its throughput is a snapshot that stays as it is until it is calculated anew.
        $this->app->make(CalculateQueueMetricsAction::class)->executeForAllQueues();

        return QueueMetrics::getAllQueuesWithMetrics();
    }
}
