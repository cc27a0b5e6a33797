<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;

/** Counts how often a queue's depth is asked for. */
final class CountedInspector implements QueueInspector
{
    public function __construct(private readonly QueueInspector $real, private readonly Readings $readings)
    {
    }

    public function getQueueDepth(string $connection, string $queue): QueueDepthData
    {
        $this->readings->depths[$queue] = ($this->readings->depths[$queue] ?? 0) + 1;

        return $this->real->getQueueDepth($connection, $queue);
    }

    public function hasJobs(string $connection, string $queue): bool
    {
        return $this->real->hasJobs($connection, $queue);
    }

    public function getAllQueues(): array
    {
        return $this->real->getAllQueues();
    }
}
