<?php

declare(strict_types=1);

namespace App\Demo;

use App\Jobs\RecordedJob;

final readonly class PlannedJob
{
    public function __construct(
        public float $atSeconds,
        public string $queue,
        public RecordedJob $job,
    ) {
    }
}
