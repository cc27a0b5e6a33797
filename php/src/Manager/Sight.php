<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\KnownQueues\AskingReport;

/**
 * What the manager saw at the beginning of a turn, as the engine got it.
 *
 * @internal
 */
final readonly class Sight
{
    /**
     * @param array<string, array<string, mixed>> $metrics as QueueMetrics returned them, and those that were asked for
     * @param array<string, array<string, mixed>> $workers as the supervisor told them, by pool
     */
    public function __construct(
        public array $metrics,
        public array $workers,
        /** The instant, of a clock that never goes back. */
        public float $nowSeconds,
        /** How long reading the metrics took, asking for queues without a row included. */
        public float $readSeconds = 0.0,
        /** From the beginning of this cycle to that of the next one. */
        public float $secondsToNextCycle = 0.0,
        /** What that asking came to. */
        public AskingReport $asking = new AskingReport(),
    ) {
    }

    /** @return array{seconds: float, without_row: int, asked: int, asking_seconds: float, asked_for: list<string>} what reading cost */
    public function reading(): array
    {
        return [
            'seconds' => $this->readSeconds,
            'without_row' => $this->asking->withoutRow,
            'asked' => $this->asking->asked,
            'asking_seconds' => $this->asking->seconds,
            'asked_for' => $this->asking->rows,
        ];
    }
}
