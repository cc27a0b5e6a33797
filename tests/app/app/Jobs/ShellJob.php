<?php

declare(strict_types=1);

namespace App\Jobs;

/** Has another program do the work. */
final class ShellJob extends RecordedJob
{
    public function __construct(private readonly string $command)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        exec($this->command);
    }
}
