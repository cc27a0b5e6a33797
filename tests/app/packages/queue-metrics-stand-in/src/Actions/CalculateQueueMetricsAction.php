<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Actions;

use Cbox\LaravelQueueMetrics\StandInStore;

/** Stands in for the action of cboxdk/laravel-queue-metrics: only it moves the snapshot of the last 60 seconds on. */
final class CalculateQueueMetricsAction
{
    public function __construct(private readonly StandInStore $store)
    {
    }

    /** @return int the queues calculated */
    public function executeForAllQueues(): int
    {
        return $this->store->takeSnapshots(time());
    }
}
