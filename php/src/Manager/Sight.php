<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

/**
 * What the manager saw at the beginning of a turn, as the engine got it.
 *
 * @internal
 */
final readonly class Sight
{
    /**
     * @param array<string, array<string, mixed>> $metrics as QueueMetrics returned them
     * @param array<string, array<string, mixed>> $workers as the supervisor told them, by pool
     */
    public function __construct(
        public array $metrics,
        public array $workers,
        /** The instant, of a clock that never goes back. */
        public float $nowSeconds,
        /** How long reading the metrics took. */
        public float $readSeconds = 0.0,
        /** From the beginning of this cycle to that of the next one. */
        public float $secondsToNextCycle = 0.0,
    ) {
    }
}
