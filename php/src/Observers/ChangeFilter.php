<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\ScalingDecision;

/**
 * Tells which decisions say something new: a step to another number of workers, or another state of the SLA.
 *
 * A step that cannot be taken, so that it is decided again and again, is new once.
 *
 * @internal
 */
final class ChangeFilter
{
    /** @var array<string, array{int, int}> the last step, from and to, by pool */
    private array $steps = [];

    /** @var array<string, string> the SLA state last seen, by pool */
    private array $slaStates = [];

    /** Asked once a decision. */
    public function isNewStep(ScalingDecision $decision): bool
    {
        $step = [$decision->currentWorkers, $decision->targetWorkers];

        if ($step[0] === $step[1] || $step === ($this->steps[$decision->key()] ?? null)) {
            return false;
        }

        $this->steps[$decision->key()] = $step;

        return true;
    }

    /** Asked once a decision. */
    public function isNewSlaState(ScalingDecision $decision): bool
    {
        $before = $this->slaStates[$decision->key()] ?? 'met';
        $this->slaStates[$decision->key()] = $decision->slaState;

        return $decision->slaState !== $before;
    }
}
