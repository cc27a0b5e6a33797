<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Policies;

use App\Policies\ThrowingPolicy;
use Closure;
use Illuminate\Support\Facades\Log;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use RuntimeException;

final class PolicyExecutorTest extends FeatureTestCase
{
    public function test_each_policy_sees_what_the_one_before_it_made(): void
    {
        $double = self::policy(static fn(ScalingDecision $decision): ScalingDecision =>
            $decision->withTargetWorkers(2 * $decision->targetWorkers, 'twice as many'));

        $decision = $this->executor($double, $double)->before(Decisions::of(['target_workers' => 3]));

        self::assertSame(12, $decision->targetWorkers);
    }

    public function test_a_policys_reason_is_shown_as_a_constraint(): void
    {
        $hold = self::policy(static fn(ScalingDecision $decision): ScalingDecision =>
            $decision->withTargetWorkers(1, 'the database is backed up'));

        $constraints = $this->executor($hold)->before(Decisions::of(['target_workers' => 3]))->constraints();

        $last = end($constraints);
        self::assertSame(['policy', 3, 1, 'the database is backed up'], [
            $last['kind'], $last['from_workers'], $last['to_workers'], $last['reason'],
        ]);
    }

    public function test_a_policy_that_throws_is_logged_with_its_class_and_skipped(): void
    {
        $half = self::policy(static fn(ScalingDecision $decision): ScalingDecision =>
            $decision->withTargetWorkers(intdiv($decision->targetWorkers, 2), 'half as many'));
        $executor = $this->executor(new ThrowingPolicy(), $half);

        $decision = $executor->before(Decisions::of(['target_workers' => 8]));
        $executor->after($decision, ScaleOutcome::nothing());

        self::assertSame(4, $decision->targetWorkers);
        $log = (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
        self::assertStringContainsString(ThrowingPolicy::class . '::before failed for redis:emails and was skipped: before is broken', $log);
        self::assertStringContainsString(ThrowingPolicy::class . '::after failed for redis:emails and was skipped: after is broken', $log);
    }

    public function test_a_policy_that_throws_for_some_pools_is_told_once_for_each(): void
    {
        $choosy = self::policy(static fn(ScalingDecision $decision): ScalingDecision => $decision->queues === 'good'
            ? $decision
            : throw new RuntimeException('not this one'));
        $executor = $this->executor($choosy);

        foreach (range(1, 5) as $cycle) {
            foreach (['good', 'bad', 'worse'] as $queue) {
                $executor->before(Decisions::of(['queues' => $queue]));
            }
        }

        $log = (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
        self::assertSame(2, substr_count($log, 'not this one'));
        self::assertStringNotContainsString('No longer', $log);
    }

    public function test_a_policy_that_answers_about_another_queue_is_skipped(): void
    {
        $confused = self::policy(static fn(): ScalingDecision => Decisions::of(['queues' => 'reports', 'target_workers' => 99]));

        $decision = $this->executor($confused)->before(Decisions::of(['target_workers' => 3]));

        self::assertSame(['redis:emails', 3], [$decision->key(), $decision->targetWorkers]);
    }

    public function test_after_is_told_the_outcome(): void
    {
        $policy = new class implements ScalingPolicy {
            public ?ScaleOutcome $outcome = null;

            public function before(ScalingDecision $decision): ScalingDecision
            {
                return $decision;
            }

            public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
            {
                $this->outcome = $outcome;
            }
        };

        $this->executor($policy)->after(Decisions::of(), new ScaleOutcome(started: 2, stopped: 0));

        self::assertSame(2, $policy->outcome?->started);
    }

    private function executor(ScalingPolicy ...$policies): PolicyExecutor
    {
        return new PolicyExecutor(array_values($policies), new Problems(Log::channel('single')));
    }

    /** @param Closure(ScalingDecision): ScalingDecision $before */
    private static function policy(Closure $before): ScalingPolicy
    {
        return new class ($before) implements ScalingPolicy {
            public function __construct(private readonly Closure $before)
            {
            }

            public function before(ScalingDecision $decision): ScalingDecision
            {
                return ($this->before)($decision);
            }

            public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
            {
            }
        };
    }
}
