<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * Sees every decision before and after it is carried out.
 *
 * Policies are resolved by the container, once for the manager's whole life. One that throws is logged with its class
 * and skipped; scaling goes on.
 */
interface ScalingPolicy
{
    /**
     * Returns the decision to carry out: the given one, or `$decision->withTargetWorkers($workers, $reason)`. The reason
     * is shown to whoever asks why the queue has so many workers.
     */
    public function before(ScalingDecision $decision): ScalingDecision;

    /** Is told what came of the decision: how many processes were started and how many were asked to end. */
    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void;
}
