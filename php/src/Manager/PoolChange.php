<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\ScaleOutcome;

/**
 * What a turn changed in one of this host's pools.
 *
 * @internal
 */
final readonly class PoolChange
{
    public function __construct(
        public string $connection,
        public string $queues,
        /** On this host. */
        public int $fromWorkers,
        /** Likewise. */
        public int $toWorkers,
        public ScaleOutcome $outcome,
    ) {
    }

    public function pool(): string
    {
        return "{$this->connection}:{$this->queues}";
    }
}
