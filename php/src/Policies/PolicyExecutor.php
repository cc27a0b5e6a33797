<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
use Throwable;
use UnexpectedValueException;

/**
 * Runs the user's policies; none of them can stop the scaling.
 *
 * @internal
 */
final class PolicyExecutor
{
    /** @param list<ScalingPolicy> $policies in the order of their turn */
    public function __construct(
        private readonly array $policies,
        private readonly Problems $problems,
    ) {
    }

    public function before(ScalingDecision $decision): ScalingDecision
    {
        foreach ($this->policies as $policy) {
            $this->guarded($policy, 'before', $decision->key(), function () use ($policy, &$decision): void {
                $decision = self::checked($decision, $policy->before($decision));
            });
        }

        return $decision;
    }

    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        foreach ($this->policies as $policy) {
            $this->guarded($policy, 'after', $decision->key(), static fn() => $policy->after($decision, $outcome));
        }
    }

    private static function checked(ScalingDecision $given, ScalingDecision $returned): ScalingDecision
    {
        if ($returned->key() !== $given->key()) {
            throw new UnexpectedValueException("it was asked about {$given->key()} and answered about {$returned->key()}");
        }

        return $returned;
    }

    private function guarded(ScalingPolicy $policy, string $method, string $pool, callable $call): void
    {
        $problem = $policy::class . "::{$method}";
        $subject = "{$problem} for {$pool}";

        try {
            $call();
            $this->problems->solved($subject);
        } catch (Throwable $thrown) {
            $this->problems->report(
                $subject,
                sprintf('Policy %s failed for %s and was skipped: %s', $problem, $pool, $thrown->getMessage()),
                $thrown,
            );
        }
    }
}
