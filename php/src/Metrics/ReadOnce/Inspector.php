<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics\ReadOnce;

use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;

/**
 * The depths of QueueMetrics, read once a reading; by itself it reads each three times.
 *
 * @internal
 */
final class Inspector implements QueueInspector
{
    public function __construct(
        private readonly QueueInspector $inner,
        private readonly Memo $memo,
    ) {
    }

    public function getQueueDepth(string $connection, string $queue): QueueDepthData
    {
        return $this->memo->once("{$connection}\0{$queue}", fn(): QueueDepthData => $this->inner->getQueueDepth($connection, $queue));
    }

    public function hasJobs(string $connection, string $queue): bool
    {
        return $this->inner->hasJobs($connection, $queue);
    }

    public function getAllQueues(): array
    {
        return $this->inner->getAllQueues();
    }
}
