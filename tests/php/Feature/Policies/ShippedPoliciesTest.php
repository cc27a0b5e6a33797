<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Policies;

use Illuminate\Queue\QueueManager;
use Illuminate\Support\Carbon;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Policies\CapBetween;
use QueueAutoscale\Laravel\Policies\HoldPausedQueues;
use QueueAutoscale\Laravel\Policies\NoScaleDownBetween;
use QueueAutoscale\Laravel\Policies\NotifyOnBreach;
use QueueAutoscale\Laravel\Policies\PolicyFactory;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;

final class ShippedPoliciesTest extends FeatureTestCase
{
    public function test_no_scale_down_between_keeps_the_workers_only_then_and_only_downwards(): void
    {
        $policy = new NoScaleDownBetween('08:00', '18:00');
        $fewer = Decisions::of(['current_workers' => 5, 'target_workers' => 2]);
        $more = Decisions::of(['current_workers' => 2, 'target_workers' => 5]);

        Carbon::setTestNow('2026-11-24 12:00');
        self::assertSame(5, $policy->before($fewer)->targetWorkers);
        self::assertSame(5, $policy->before($more)->targetWorkers);

        $mayLeave = $policy->before(Decisions::of(['current_workers' => 3, 'target_workers' => 3, 'idle_floor_workers' => 1]));
        self::assertSame([3, 3], [$mayLeave->targetWorkers, $mayLeave->idleFloorWorkers]);

        Carbon::setTestNow('2026-11-24 20:00');
        self::assertSame(2, $policy->before($fewer)->targetWorkers);
    }

    public function test_cap_between_caps_the_queues_that_it_names(): void
    {
        $policy = new CapBetween('02:00', '03:00', maxWorkers: 2, queues: ['redis:emails', '*:tenant-*', 'reports']);
        Carbon::setTestNow('2026-11-24 02:30');

        foreach (['emails' => 2, 'tenant-7' => 2, 'reports' => 9] as $queue => $expected) {
            $decision = Decisions::of(['queues' => $queue, 'target_workers' => 9]);
            self::assertSame($expected, $policy->before($decision)->targetWorkers, $queue);
        }
    }

    #[TestWith([['class' => CapBetween::class, 'from' => '02:00', 'until' => '03:00', 'max_workers' => 2, 'queue' => ['emails']],
        'queue-autoscale.policies.0: CapBetween takes no "queue"; it takes from, until, max_workers, queues, timezone.'])]
    #[TestWith([['class' => NoScaleDownBetween::class, 'from' => '02:00'], 'queue-autoscale.policies.0: NoScaleDownBetween needs "until".'])]
    #[TestWith([['class' => NoScaleDownBetween::class, 'from' => '02:00', 'until' => '03:00', 'timezone' => 'Mars/Olympus'],
        'queue-autoscale.policies.0: timezone must be a time zone such as "Europe/Copenhagen", not "Mars/Olympus".'])]
    #[TestWith([['class' => NotifyOnBreach::class, 3 => 'slack'],
        'queue-autoscale.policies.0: NotifyOnBreach takes no "3"; it takes channel, at_most_every_seconds.'])]
    public function test_wrong_arguments_are_refused_at_the_start(array $policy, string $expected): void
    {
        $this->configure(['policies' => [$policy]]);

        try {
            $this->app->make(PolicyFactory::class)->all();
            self::fail('nothing was refused');
        } catch (CannotStart $refused) {
            self::assertSame([$expected], $refused->reasons);
        }
    }

    public function test_notify_on_breach_tells_each_queue_once_in_a_while(): void
    {
        $policy = $this->app->make(NotifyOnBreach::class, ['channel' => 'single', 'atMostEverySeconds' => 900]);
        $breached = ['sla_state' => 'breached', 'oldest_job_age_seconds' => 61.0];

        $policy->after(Decisions::of(), ScaleOutcome::nothing());
        $policy->after(Decisions::of($breached), ScaleOutcome::nothing());
        $policy->after(Decisions::of($breached), ScaleOutcome::nothing());
        $policy->after(Decisions::of(['queues' => 'reports'] + $breached), ScaleOutcome::nothing());

        $log = (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
        self::assertSame(1, substr_count($log, 'The oldest job of redis:emails waits for 61 s, 30 s are promised'));
        self::assertSame(1, substr_count($log, 'The oldest job of redis:reports'));
    }

    public function test_a_paused_queue_gets_no_more_workers(): void
    {
        $policy = $this->app->make(HoldPausedQueues::class);
        $decision = Decisions::of(['current_workers' => 1, 'target_workers' => 9]);
        self::assertSame(9, $policy->before($decision)->targetWorkers);

        $this->app->make(QueueManager::class)->pause('redis', 'emails');

        self::assertSame(1, $policy->before($decision)->targetWorkers);
    }

    public function test_a_group_is_held_only_where_all_of_its_queues_are_paused(): void
    {
        $policy = $this->app->make(HoldPausedQueues::class);
        $decision = Decisions::of(['queues' => 'high,low', 'target_workers' => 9]);
        $queues = $this->app->make(QueueManager::class);

        $queues->pause('redis', 'high');
        self::assertSame(9, $policy->before($decision)->targetWorkers);

        $queues->pause('redis', 'low');
        self::assertSame(1, $policy->before($decision)->targetWorkers);
    }

    public function test_in_maintenance_no_worker_is_added_unless_workers_are_forced(): void
    {
        $policy = $this->app->make(HoldPausedQueues::class);
        $decision = Decisions::of(['current_workers' => 1, 'target_workers' => 9]);
        $this->artisan('down');

        self::assertSame(1, $policy->before($decision)->targetWorkers);

        $this->configure(['workers.options' => ['--force']]);
        self::assertSame(9, $policy->before($decision)->targetWorkers);
    }

    public function test_policies_are_made_with_the_arguments_of_their_configuration(): void
    {
        $this->configure(['policies' => [
            ['class' => CapBetween::class, 'from' => '00:00', 'until' => '23:59', 'max_workers' => 3],
            NotifyOnBreach::class,
        ]]);

        [, $cap, $notify] = $this->app->make(PolicyFactory::class)->all();

        self::assertInstanceOf(NotifyOnBreach::class, $notify);
        Carbon::setTestNow('2026-11-24 12:00');
        self::assertSame(3, $cap->before(Decisions::of(['target_workers' => 9]))->targetWorkers);
    }

    public function test_a_policy_with_bad_arguments_is_named_before_anything_starts(): void
    {
        $this->configure(['policies' => [['class' => CapBetween::class, 'from' => 'noon', 'until' => '18:00', 'max_workers' => 3]]]);

        $this->expectException(CannotStart::class);
        $this->expectExceptionMessage('queue-autoscale.policies.0: from must be a time of day such as "08:30", not "noon".');

        $this->app->make(PolicyFactory::class)->all();
    }
}
