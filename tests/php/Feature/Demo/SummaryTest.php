<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Demo;

use App\Demo\Summary;
use PHPUnit\Framework\TestCase;

final class SummaryTest extends TestCase
{
    public function test_a_run_in_which_all_went_well_has_no_failure(): void
    {
        $summary = Summary::of(self::goodRun());

        self::assertSame([], $summary->failures());
        self::assertSame([2, 2], [$summary->queuedJobs, $summary->doneJobs]);
        self::assertSame([2, 0], [$summary->peakWorkers, $summary->finalWorkers]);
        self::assertEqualsWithDelta(4.0, $summary->pickups['emails']->percentileSeconds(100), 1e-9);
        self::assertSame(50.0, $summary->pickups['emails']->shareWithinPercent(1.5));
    }

    public function test_worker_seconds_reach_from_the_process_start_to_its_last_sign_of_life(): void
    {
        $summary = Summary::of(self::goodRun());

        // One worker from 0.5 to 6.0; the other was killed after its record at 5.5.
        self::assertEqualsWithDelta(5.5 + 5.0, $summary->workerSeconds, 1e-9);
        self::assertEqualsWithDelta(1.5, $summary->jobSeconds, 1e-9);
    }

    public function test_a_job_that_was_not_done_is_lost(): void
    {
        $records = array_filter(self::goodRun(), static fn(array $record): bool => $record['kind'] !== 'job-finished');

        self::assertSame(['2 of 2 jobs were not done.'], Summary::of(array_values($records))->failures());
    }

    public function test_workers_that_never_rise_or_fall_are_a_failure(): void
    {
        $isOther = static fn(array $record): bool => $record['pid'] !== PHP_INT_MAX - 1 && $record['kind'] !== 'worker-stopped';
        $records = [
            ...array_filter(self::goodRun(), $isOther),
            ['kind' => 'job-started', 'at' => 6.0, 'pid' => PHP_INT_MAX, 'job' => 'b', 'queue' => 'emails'],
            ['kind' => 'job-finished', 'at' => 6.5, 'pid' => PHP_INT_MAX, 'job' => 'b', 'queue' => 'emails'],
            ['kind' => 'worker-stopped', 'at' => 7.5, 'pid' => PHP_INT_MAX],
        ];

        self::assertSame(
            ['The number of workers did not rise.', 'The number of workers did not fall.'],
            Summary::of(array_values($records))->failures(),
        );
    }

    /** @return list<array<string, mixed>> */
    private static function goodRun(): array
    {
        $noProcess = PHP_INT_MAX;

        return [
            ['kind' => 'job-queued', 'at' => 0.0, 'pid' => 1, 'job' => 'a', 'queue' => 'emails'],
            ['kind' => 'job-queued', 'at' => 1.0, 'pid' => 1, 'job' => 'b', 'queue' => 'emails'],
            ['kind' => 'worker-started', 'at' => 0.9, 'pid' => $noProcess, 'process_started_at' => 0.5],
            ['kind' => 'worker-started', 'at' => 0.9, 'pid' => $noProcess - 1, 'process_started_at' => 0.5],
            ['kind' => 'job-started', 'at' => 1.0, 'pid' => $noProcess, 'job' => 'a', 'queue' => 'emails'],
            ['kind' => 'job-finished', 'at' => 2.0, 'pid' => $noProcess, 'job' => 'a', 'queue' => 'emails'],
            ['kind' => 'job-started', 'at' => 5.0, 'pid' => $noProcess - 1, 'job' => 'b', 'queue' => 'emails'],
            ['kind' => 'job-finished', 'at' => 5.5, 'pid' => $noProcess - 1, 'job' => 'b', 'queue' => 'emails'],
            ['kind' => 'worker-stopped', 'at' => 6.0, 'pid' => $noProcess],
            ['kind' => 'feed-ended', 'at' => 7.0, 'pid' => 1],
        ];
    }
}
