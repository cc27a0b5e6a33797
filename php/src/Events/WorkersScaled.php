<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** Workers of one queue, or one group of queues, were started or asked to end. */
final readonly class WorkersScaled
{
    public function __construct(
        public string $connection,
        /** The queue's name, or the group's in the order of their priority, joined by commas. */
        public string $queues,
        public int $fromWorkers,
        public int $toWorkers,
        /** Processes started. */
        public int $started,
        /** Processes asked to end after their job. */
        public int $stopped,
        public string $reason,
    ) {
    }
}
