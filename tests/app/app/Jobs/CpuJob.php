<?php

declare(strict_types=1);

namespace App\Jobs;

/** Computes for as long as told. */
final class CpuJob extends RecordedJob
{
    public function __construct(private readonly float $seconds)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        $digest = '';

        for ($end = microtime(true) + $this->seconds; microtime(true) < $end;) {
            $digest = hash('sha256', $digest);
        }
    }
}
