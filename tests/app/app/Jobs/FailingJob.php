<?php

declare(strict_types=1);

namespace App\Jobs;

use RuntimeException;

/** Fails in its first attempts and succeeds in the one after them. */
final class FailingJob extends RecordedJob
{
    public function __construct(private readonly int $failures)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        if ($this->attempts() <= $this->failures) {
            throw new RuntimeException("Attempt {$this->attempts()} was told to fail.");
        }
    }
}
