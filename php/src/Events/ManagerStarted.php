<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** queue:autoscale has started on this host. */
final readonly class ManagerStarted
{
    public function __construct(
        public string $host,
        public int $pid,
    ) {
    }
}
