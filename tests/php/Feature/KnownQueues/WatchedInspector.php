<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Closure;

/** Tells what it is told to, and keeps the queues that it was asked for. */
final class WatchedInspector implements QueueInspector
{
    /** @var list<string> */
    public array $keys = [];

    /** @param Closure(string): int $pending by the queue's key */
    public function __construct(private readonly Closure $pending)
    {
    }

    public function getQueueDepth(string $connection, string $queue): QueueDepthData
    {
        $this->keys[] = "{$connection}:{$queue}";

        return new QueueDepthData($connection, $queue, ($this->pending)("{$connection}:{$queue}"), 0, 0, null, null, Carbon::now());
    }

    public function hasJobs(string $connection, string $queue): bool
    {
        return ! $this->getQueueDepth($connection, $queue)->isEmpty();
    }

    public function getAllQueues(): array
    {
        return [];
    }
}
