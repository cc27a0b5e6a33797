<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

/**
 * What asking for queues without a row came to in one cycle.
 *
 * @internal
 */
final readonly class AskingReport
{
    /** @param list<string> $rows keys of the queues that got a row, in this cycle or by what an earlier one told */
    public function __construct(
        /** Queues that are known and have no row. */
        public int $withoutRow = 0,
        /** Those of them that were asked for. */
        public int $asked = 0,
        /** What all of it took. */
        public float $seconds = 0.0,
        /** Why the memory of names could not be read or written; null where it could. */
        public ?string $memoryFailure = null,
        public array $rows = [],
    ) {
    }
}
