<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Contracts;

use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;

/** The real package's contract: it finds out how many jobs are in a queue. Applications may decorate it in the container. */
interface QueueInspector
{
    public function getQueueDepth(string $connection, string $queue): QueueDepthData;

    public function hasJobs(string $connection, string $queue): bool;

    /** @return array<string> */
    public function getAllQueues(): array;
}
