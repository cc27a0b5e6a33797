<?php

declare(strict_types=1);

namespace App\Providers;

use Illuminate\Queue\Events\JobAttempted;
use Illuminate\Queue\Events\JobPopped;
use Illuminate\Queue\Events\JobProcessed;
use Illuminate\Queue\Events\JobProcessing;
use Illuminate\Queue\Events\Looping;
use Illuminate\Queue\Events\WorkerStarting;
use Illuminate\Support\Facades\Event;
use RuntimeException;

/** What other packages do inside a worker: they listen before anybody else, take their time around each job, and may throw. */
final class OtherListeners
{
    private const AROUND_A_JOB = [JobPopped::class, JobProcessing::class, JobProcessed::class, JobAttempted::class];

    private const BEFORE_THE_FIRST_JOB = [WorkerStarting::class, Looping::class];

    private const MICROSECONDS_PER_MILLISECOND = 1_000;

    public static function register(): void
    {
        $milliseconds = (int) env('SLOW_LISTENERS_MS', 0);

        if ($milliseconds > 0) {
            Event::listen(self::AROUND_A_JOB, static fn() => usleep($milliseconds * self::MICROSECONDS_PER_MILLISECOND));
        }

        if (env('THROWING_LISTENERS', false)) {
            Event::listen(
                self::BEFORE_THE_FIRST_JOB,
                static fn() => throw new RuntimeException('Another package cannot reach its store.'),
            );
        }
    }
}
