<?php

declare(strict_types=1);

namespace App\Jobs;

/** Leaves a process behind that soon ends as somebody else's child. */
final class OrphaningJob extends RecordedJob
{
    protected function work(): void
    {
        exec('sleep 0.2 > /dev/null 2>&1 &');
    }
}
