<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** queue:autoscale has ended on this host, and no worker of it is left. */
final readonly class ManagerStopped
{
    public function __construct(
        public string $host,
        public int $pid,
        public string $reason,
    ) {
    }
}
