<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

/**
 * A queue of a connection. The two are kept apart, as either name may hold a colon.
 *
 * @internal
 */
final readonly class QueueName
{
    public function __construct(
        public string $connection,
        public string $queue,
    ) {
    }

    /** As QueueMetrics and the engine write it. */
    public function key(): string
    {
        return "{$this->connection}:{$this->queue}";
    }
}
