<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Prometheus;

use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Laravel\Status\Snapshot;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use Spatie\Prometheus\Facades\Prometheus;

final class GaugesTest extends FeatureTestCase
{
    private const EMAILS = '{connection="redis",queue="emails"}';

    public function test_each_queue_has_its_figures(): void
    {
        $this->put('one', [
            ['target_workers' => 5, 'current_workers' => 3, 'pending' => 17, 'sla_state' => 'at_risk'],
            ['queues' => 'high,low', 'target_workers' => 2, 'predicted_pickup_time_seconds' => null],
        ]);

        $rendered = Prometheus::renderCollectors();

        foreach ([
            'queue_autoscale_desired_workers' . self::EMAILS . ' 5',
            'queue_autoscale_current_workers' . self::EMAILS . ' 3',
            'queue_autoscale_pending_jobs' . self::EMAILS . ' 17',
            'queue_autoscale_predicted_pickup_seconds' . self::EMAILS . ' 3',
            'queue_autoscale_max_pickup_seconds' . self::EMAILS . ' 30',
            'queue_autoscale_desired_workers{connection="redis",queue="high,low"} 2',
            'queue_autoscale_sla_state{connection="redis",queue="emails",state="at_risk"} 1',
            'queue_autoscale_sla_state{connection="redis",queue="emails",state="met"} 0',
            'queue_autoscale_sla_state{connection="redis",queue="high,low",state="met"} 1',
        ] as $line) {
            self::assertStringContainsString("{$line}\n", $rendered);
        }

        // What cannot be said is no number.
        self::assertStringNotContainsString('predicted_pickup_seconds{connection="redis",queue="high,low"}', $rendered);
    }

    public function test_the_values_are_those_of_the_moment_they_are_asked_for(): void
    {
        $this->put('one', [['target_workers' => 5]]);
        Prometheus::renderCollectors();
        $this->put('one', [['target_workers' => 6]]);

        self::assertStringContainsString('desired_workers' . self::EMAILS . ' 6', Prometheus::renderCollectors());
    }

    public function test_hosts_add_their_workers_and_share_the_rest(): void
    {
        $this->put('one', [['target_workers' => 5, 'current_workers' => 4, 'pending' => 17, 'sla_state' => 'met']]);
        $this->put('two', [['target_workers' => 2, 'current_workers' => 2, 'pending' => 18, 'sla_state' => 'breached']]);

        $rendered = Prometheus::renderCollectors();

        self::assertStringContainsString('desired_workers' . self::EMAILS . ' 7', $rendered);
        self::assertStringContainsString('current_workers' . self::EMAILS . ' 6', $rendered);
        self::assertStringContainsString('pending_jobs' . self::EMAILS . ' 18', $rendered);
        self::assertStringContainsString('sla_state{connection="redis",queue="emails",state="breached"} 1', $rendered);
    }

    public function test_a_leader_that_was_followed_by_another_counts_no_more(): void
    {
        $this->put('killed', [
            ['target_workers' => 5, 'current_workers' => 5, 'pending' => 40, 'sla_state' => 'breached'],
            ['queues' => 'reports', 'target_workers' => 3],
        ], fencingNumber: 7);
        $this->put('next', [['target_workers' => 6, 'current_workers' => 4, 'pending' => 17, 'sla_state' => 'met']], fencingNumber: 8);
        $this->put('follower', []);

        $rendered = Prometheus::renderCollectors();

        self::assertStringContainsString('desired_workers' . self::EMAILS . " 6\n", $rendered);
        self::assertStringContainsString('current_workers' . self::EMAILS . " 4\n", $rendered);
        self::assertStringContainsString('pending_jobs' . self::EMAILS . " 17\n", $rendered);
        self::assertStringContainsString("sla_state{connection=\"redis\",queue=\"emails\",state=\"met\"} 1\n", $rendered);
        // Another cluster's, with numbers of its own.
        self::assertStringContainsString("desired_workers{connection=\"redis\",queue=\"reports\"} 3\n", $rendered);
    }

    public function test_a_manager_that_fell_silent_has_no_figures(): void
    {
        $this->put('one', [['target_workers' => 5]]);
        $this->letPass(14);
        self::assertStringContainsString(self::EMAILS, Prometheus::renderCollectors());

        $this->letPass(2);
        // What was asked for before stays in the registry, which lives as long as a request.
        $this->app->forgetScopedInstances();
        self::assertStringNotContainsString(self::EMAILS, Prometheus::renderCollectors());
    }

    #[TestWith([-3_600.0])]
    #[TestWith([3_600.0])]
    public function test_the_clock_of_the_managers_host_does_not_matter(float $seconds): void
    {
        $this->put('one', [['target_workers' => 5]], takenSecondsAgo: $seconds);

        self::assertStringContainsString('desired_workers' . self::EMAILS . ' 5', Prometheus::renderCollectors());
    }

    /** @param list<array<string, mixed>> $decisions */
    private function put(string $host, array $decisions, float $takenSecondsAgo = 0.0, ?int $fencingNumber = null): void
    {
        $this->app->make(SnapshotStore::class)->put(new Snapshot(
            host: $host,
            pid: 1,
            takenAt: microtime(true) - $takenSecondsAgo,
            secondsBetweenTurns: 5.0,
            paused: false,
            fencingNumber: $fencingNumber,
            decisions: Decisions::turn(array_map(Decisions::of(...), $decisions))->decisions,
        ));
    }
}
