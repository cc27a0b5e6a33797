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
    private const MAX_READING_SHARE = 0.2;

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
    ) {
    }

    /** Reading may take a share of the time; turns are put off where it takes more. */
    public function secondsBetweenTurns(float $intervalSeconds): float
    {
        return max($intervalSeconds, $this->readSeconds / self::MAX_READING_SHARE);
    }
}
