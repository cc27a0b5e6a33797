<?php

declare(strict_types=1);

namespace App\Jobs;

/** Prints while it works, as many a job does that was once a console command. */
final class PrintingJob extends RecordedJob
{
    private const SECONDS_BETWEEN_LINES = 0.02;

    public function __construct(private readonly float $seconds)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        for ($end = microtime(true) + $this->seconds; microtime(true) < $end;) {
            echo "still at work\n";
            usleep((int) (self::SECONDS_BETWEEN_LINES * 1e6));
        }
    }
}
