<?php

declare(strict_types=1);

namespace App\Jobs;

/** Waits, as jobs do that call a mail server or somebody's API. */
final class SleepJob extends RecordedJob
{
    public function __construct(private readonly float $seconds)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        // A signal ends usleep early; the job's length must not depend on signals.
        for ($end = microtime(true) + $this->seconds; ($left = $end - microtime(true)) > 0;) {
            usleep((int) ceil($left * 1e6));
        }
    }
}
