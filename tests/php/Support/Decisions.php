<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/** Decisions to show to whatever looks at decisions. */
final class Decisions
{
    /** @param array<string, mixed> $values what is to differ from a quiet queue with one worker */
    public static function of(array $values = []): ScalingDecision
    {
        return ScalingDecision::fromArray($values + [
            'connection' => 'redis',
            'queues' => 'emails',
            'current_workers' => 1,
            'recommended_workers' => 1,
            'target_workers' => 1,
            'idle_floor_workers' => $values['target_workers'] ?? 1,
            'steady_state_workers' => 0.8,
            'predictive_workers' => 0.9,
            'backlog_drain_workers' => 0.7,
            'pickup_time_workers' => null,
            'pending' => 0,
            'oldest_job_age_seconds' => null,
            'arrival_rate_per_second' => 2.0,
            'arrival_rate_confidence' => 0.75,
            'forecast_rate_per_second' => 2.5,
            'service_time_seconds' => 0.4,
            'service_time_source' => 'utilisation_law',
            'boot_seconds' => 0.5,
            'max_pickup_time_seconds' => 30.0,
            'predicted_pickup_time_seconds' => 3.0,
            'sla_state' => 'met',
            'workers_changed' => false,
            'constraints' => [],
            'reason' => '1 worker carries the load',
        ]);
    }

    /** @param array<string, ScaleOutcome> $outcomes by pool */
    public static function turn(array $decisions, array $outcomes = [], bool $dryRun = false, bool $paused = false, ?Sight $seen = null): Turn
    {
        $byPool = [];

        foreach ($decisions as $decision) {
            $byPool[$decision->key()] = $decision;
        }

        return new Turn(
            number: 1,
            decisions: $byPool,
            outcomes: $outcomes,
            host: new HostCapacity(2.0, 0.5, 4 * 1024 ** 3, 1024 ** 3),
            seen: $seen ?? new Sight([], [], 1.0),
            secondsToNextTurn: 5.0,
            totalSeconds: 0.006,
            dryRun: $dryRun,
            paused: $paused,
        );
    }
}
