<?php

declare(strict_types=1);

namespace App\Policies;

use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
use RuntimeException;

/** A policy with a bug. */
final class ThrowingPolicy implements ScalingPolicy
{
    public function before(ScalingDecision $decision): ScalingDecision
    {
        throw new RuntimeException('before is broken');
    }

    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        throw new RuntimeException('after is broken');
    }
}
