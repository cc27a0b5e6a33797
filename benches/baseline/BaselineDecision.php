<?php

declare(strict_types=1);

namespace QueueAutoscale\Benches\Baseline;

/** What BaselineEngine decides. */
final readonly class BaselineDecision
{
    /** @param list<array{kind: string, from_workers: int, to_workers: int, reason: string}> $constraints */
    public function __construct(
        public string $connection,
        public string $queues,
        public int $currentWorkers,
        public int $recommendedWorkers,
        public int $targetWorkers,
        public float $steadyStateWorkers,
        public float $predictiveWorkers,
        public float $backlogDrainWorkers,
        public int $pending,
        public ?float $oldestJobAgeSeconds,
        public float $arrivalRatePerSecond,
        public float $forecastRatePerSecond,
        public float $serviceTimeSeconds,
        public float $maxPickupTimeSeconds,
        public string $slaState,
        public array $constraints,
        public string $reason,
    ) {
    }
}
