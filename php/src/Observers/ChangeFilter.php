<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\ScalingDecision;

/**
 * Tells which decisions say something new: another number of workers, or another state of the promise.
 *
 * @internal
 */
final class ChangeFilter
{
    /** @var array<string, array{int, string}> target and SLA state last seen, by pool */
    private array $last = [];

    public function isChange(ScalingDecision $decision): bool
    {
        $now = [$decision->targetWorkers, $decision->slaState];
        $before = $this->last[$decision->key()] ?? [$decision->currentWorkers, 'met'];
        $this->last[$decision->key()] = $now;

        return $now !== $before;
    }
}
