<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use InvalidArgumentException;

/** What a strategy recommends for one queue. */
final readonly class Recommendation
{
    /** @param string $reason one sentence for a person, without a full stop */
    public function __construct(
        public int $workers,
        public string $reason,
    ) {
        if ($workers < 0) {
            throw new InvalidArgumentException("A recommendation needs at least 0 workers, not {$workers}.");
        }
    }
}
