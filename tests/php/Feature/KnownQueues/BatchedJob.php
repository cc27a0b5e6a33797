<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use Illuminate\Bus\Batchable;
use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;

final class BatchedJob implements ShouldQueue
{
    use Batchable;
    use Queueable;

    public function handle(): void
    {
    }
}
