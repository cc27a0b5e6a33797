<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\Explanation;
use QueueAutoscale\Tests\Support\Decisions;

final class ExplanationTest extends TestCase
{
    public function test_it_shows_each_component_and_each_constraint(): void
    {
        $decision = Decisions::of([
            'recommended_workers' => 12, 'target_workers' => 10, 'backlog_drain_workers' => 11.6, 'pickup_time_workers' => 4.0,
            'constraints' => [['kind' => 'max_workers', 'from_workers' => 12, 'to_workers' => 10, 'reason' => 'max_workers 10 instead of 12']],
        ])->withTargetWorkers(5, 'the database is backed up');

        $text = implode("\n", Explanation::of($decision));

        foreach ([
            '/Arrivals +2\.0\/s \(certainty 75 %\), forecast 2\.5\/s/',
            '/A job takes +0\.4 s \(utilisation law\)/',
            '/Backlog drain +11\.60/',
            '/Pickup time +4\.00/',
            '/Recommended +12\n +max workers +12 → 10: max_workers 10 instead of 12\n +policy +10 → 5: the database is backed up\n +Workers +1 → 5/',
        ] as $pattern) {
            self::assertMatchesRegularExpression($pattern, $text);
        }
    }

    #[TestWith([0, null, '0 jobs'])]
    #[TestWith([1, 4.2, '1 job, the oldest for 4.2 s'])]
    #[TestWith([1234, null, '1 234 jobs, since when is not known'])]
    public function test_it_tells_what_waits_and_since_when(int $pending, ?float $oldestSeconds, string $expected): void
    {
        $lines = Explanation::of(Decisions::of(['pending' => $pending, 'oldest_job_age_seconds' => $oldestSeconds]));

        self::assertContains("  Waiting             {$expected}", $lines);
    }
}
