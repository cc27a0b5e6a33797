<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\ScalingDecision;

/**
 * What whoever leads decided in one turn.
 *
 * @internal
 */
final readonly class LedTurn
{
    /** @param array<string, ScalingDecision> $decisions by pool, for all hosts together */
    public function __construct(
        public Sight $seen,
        /** Of all hosts together. */
        public ?HostCapacity $capacity,
        public array $decisions,
        /** The leading host's own. */
        public Share $share,
    ) {
    }
}
