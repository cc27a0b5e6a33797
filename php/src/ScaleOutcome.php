<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

/** What carrying out a decision came to. */
final readonly class ScaleOutcome
{
    public function __construct(
        /** Processes started. */
        public int $started,
        /** Processes asked to end after their job. */
        public int $stopped,
    ) {
    }

    public static function nothing(): self
    {
        return new self(0, 0);
    }

    public function changedSomething(): bool
    {
        return $this->started > 0 || $this->stopped > 0;
    }
}
