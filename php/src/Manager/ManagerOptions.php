<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

/**
 * How the manager was asked to run.
 *
 * @internal
 */
final readonly class ManagerOptions
{
    /** @param list<string> $only patterns of queues; none for all */
    public function __construct(
        /** Take one turn and end. */
        public bool $once = false,
        /** Decide and show, but start and stop nothing. */
        public bool $dryRun = false,
        /** As typed; in place of `manager.interval_seconds`. */
        public ?string $intervalSeconds = null,
        /** Take over from a manager that runs already. */
        public bool $replace = false,
        public array $only = [],
        /** The file that the turns are written to; null for none. */
        public ?string $record = null,
        /** Tell each line that a worker writes. */
        public bool $tellOutput = false,
    ) {
    }
}
