<?php

declare(strict_types=1);

namespace App\Demo;

use App\Jobs\CpuJob;
use App\Jobs\FailingJob;
use App\Jobs\RecordedJob;
use App\Jobs\SleepJob;
use Closure;

/**
 * The demo's load: steady work on `default` with a few reports beside it, in the middle a burst of mails, then silence.
 */
final readonly class LoadPlan
{
    private const STEADY_UNTIL_SHARE = 0.6;

    private const BURST_AT_SHARE = 0.3;

    private const STEADY_JOBS_PER_SECOND = 3.0;

    private const SECONDS_BETWEEN_REPORTS = 5.0;

    private const SECONDS_BETWEEN_FAILURES = 9.0;

    private const BURST_JOBS = 150;

    public function __construct(public float $seconds)
    {
    }

    /** @return list<PlannedJob> in the order of their instants */
    public function jobs(): array
    {
        $jobs = [
            ...$this->every(1 / self::STEADY_JOBS_PER_SECOND, 'default', static fn(): RecordedJob => new SleepJob(0.4)),
            ...$this->every(self::SECONDS_BETWEEN_REPORTS, 'reports', static fn(): RecordedJob => new CpuJob(0.5)),
            ...$this->every(self::SECONDS_BETWEEN_FAILURES, 'default', static fn(): RecordedJob => new FailingJob(1)),
        ];

        for ($mail = 0; $mail < self::BURST_JOBS; $mail++) {
            $jobs[] = new PlannedJob(self::BURST_AT_SHARE * $this->seconds, 'emails', new SleepJob(0.5));
        }

        usort($jobs, static fn(PlannedJob $a, PlannedJob $b): int => $a->atSeconds <=> $b->atSeconds);

        return $jobs;
    }

    /**
     * @param Closure(): RecordedJob $job
     * @return iterable<PlannedJob>
     */
    private function every(float $seconds, string $queue, Closure $job): iterable
    {
        for ($at = 0.0; $at < self::STEADY_UNTIL_SHARE * $this->seconds; $at += $seconds) {
            yield new PlannedJob($at, $queue, $job());
        }
    }
}
