<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\Tests\Support\MetricsRow;

/** What users of other autoscalers complain about. */
final class KnownPainsTest extends TestCase
{
    private const TURN_SECONDS = 5.0;

    public function test_a_deep_backlog_is_answered_in_one_step_however_long_the_cooldown(): void
    {
        $engine = $this->engine(['defaults' => ['max_workers' => 40, 'cooldown_seconds' => 300]]);

        $decision = $this->decide($engine, MetricsRow::of('emails', pending: 2000, oldestAgeSeconds: 1.0))['redis:emails'];

        self::assertSame(40, $decision->targetWorkers);
    }

    public function test_a_quiet_queue_starts_with_its_minimum_not_with_its_maximum(): void
    {
        $engine = $this->engine(['queues' => ['emails' => ['min_workers' => 2, 'max_workers' => 40]]]);

        self::assertSame(2, $this->decide($engine, MetricsRow::of('emails'))['redis:emails']->targetWorkers);
    }

    public function test_one_waiting_job_is_enough_to_leave_zero(): void
    {
        $decision = $this->decide($this->engine(), MetricsRow::of('emails', pending: 1, oldestAgeSeconds: 1.0))['redis:emails'];

        self::assertSame(1, $decision->targetWorkers);
    }

    public function test_a_queue_that_nobody_uses_stays_at_zero(): void
    {
        $engine = $this->engine();

        for ($turn = 0; $turn < 60; $turn++) {
            self::assertSame(0, $this->decide($engine, MetricsRow::of('emails'), turn: $turn)['redis:emails']->targetWorkers);
        }
    }

    public function test_long_jobs_of_one_queue_do_not_keep_another_one_waiting(): void
    {
        $decisions = $this->decide(
            $this->engine(),
            MetricsRow::of('videos', reserved: 10) + MetricsRow::of('emails', pending: 100, oldestAgeSeconds: 2.0),
            [self::workers('videos', busy: 10, longestJobSeconds: 5000.0)],
        );

        self::assertSame(10, $decisions['redis:videos']->targetWorkers);
        self::assertGreaterThan(1, $decisions['redis:emails']->targetWorkers);
    }

    public function test_no_queue_is_pressed_below_its_minimum_by_another_one(): void
    {
        $decisions = $this->decide(
            $this->engine([
                'limits' => ['max_total_workers' => 6],
                'defaults' => ['max_workers' => 50],
                'queues' => ['emails' => ['min_workers' => 2]],
            ]),
            MetricsRow::of('emails') + MetricsRow::of('imports', pending: 100_000, oldestAgeSeconds: 500.0),
        );

        self::assertSame(2, $decisions['redis:emails']->targetWorkers);
        self::assertSame(4, $decisions['redis:imports']->targetWorkers);
    }

    public function test_a_pinned_queue_keeps_its_number_whatever_comes(): void
    {
        $engine = $this->engine(['queues' => ['emails' => ['min_workers' => 3, 'max_workers' => 3]]]);

        foreach ([0, 10_000, 0, 0, 0, 0] as $turn => $pending) {
            $row = MetricsRow::of('emails', pending: $pending, oldestAgeSeconds: $pending > 0 ? 60.0 : 0.0);

            self::assertSame(3, $this->decide($engine, $row, turn: $turn)['redis:emails']->targetWorkers);
        }
    }

    public function test_letting_jobs_wait_to_save_a_worker_is_no_alarm(): void
    {
        $engine = $this->engine(['defaults' => ['max_pickup_time_seconds' => 60]]);
        $letsWait = 0;

        // Three jobs a second of 0.43 s are work for 1.3 workers; one of them does 2.3 a second.
        for ($turn = 1, $pending = 0.0, $done = 0.0; $turn < 12; $turn++, $pending += 3.5, $done += 11.5) {
            $decision = $this->decide(
                $engine,
                MetricsRow::of('emails', (int) $pending, $pending / 3, reserved: 1, throughputPerMinute: min(138, $done)),
                [self::workers('emails', busy: 1, longestJobSeconds: 5.0 * $turn)],
                $turn,
            )['redis:emails'];

            if ($decision->targetWorkers === 1 && $decision->constraints() === []) {
                self::assertSame('met', $decision->slaState, $decision->reason);
                $letsWait++;
            }
        }

        self::assertGreaterThan(0, $letsWait);
    }

    public function test_a_connection_that_cannot_tell_how_old_its_jobs_are_is_scaled_all_the_same(): void
    {
        $decision = $this->decide($this->engine(), MetricsRow::of('emails', pending: 500, oldestAgeSeconds: 0.0))['redis:emails'];

        self::assertGreaterThan(1, $decision->targetWorkers);
    }

    public function test_a_queue_that_is_empty_but_busy_is_not_shut(): void
    {
        $engine = $this->engine();
        $this->decide($engine, MetricsRow::of('emails', pending: 1, oldestAgeSeconds: 1.0));

        for ($turn = 1; $turn < 20; $turn++) {
            $decision = $this->decide($engine, MetricsRow::of('emails', reserved: 1), [self::workers('emails', busy: 1)], $turn);

            self::assertSame(1, $decision['redis:emails']->targetWorkers, $decision['redis:emails']->reason);
        }
    }

    /**
     * @param array<string, mixed> $configuration
     */
    private function engine(array $configuration = []): ScalingEngine
    {
        return new ScalingEngine(Configuration::fromArray(
            ['connection' => 'redis', 'manager' => ['interval_seconds' => self::TURN_SECONDS]] + $configuration,
        ));
    }

    /**
     * @param array<string, array<string, mixed>> $metrics
     * @param list<array<string, mixed>> $workers
     * @return array<string, ScalingDecision>
     */
    private function decide(ScalingEngine $engine, array $metrics, array $workers = [], int $turn = 0): array
    {
        return $engine->evaluate($metrics, $workers, null, $turn * self::TURN_SECONDS)->decisions();
    }

    /** @return array<string, mixed> as WorkerSupervisor::pools() tells of a pool */
    private static function workers(string $queues, int $busy, float $longestJobSeconds = 1.0): array
    {
        return [
            'connection' => 'redis', 'queues' => $queues, 'starting' => 0, 'idle' => 0, 'busy' => $busy, 'unknown' => 0,
            'draining' => 0, 'backing_off' => 0, 'busy_seconds_total' => $busy * $longestJobSeconds,
            'longest_job_seconds' => $longestJobSeconds,
        ];
    }
}
