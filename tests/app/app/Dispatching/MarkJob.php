<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Bus\Batchable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;

class MarkJob implements ShouldQueue
{
    use Batchable;
    use Queueable;

    public function __construct(public readonly string $mark)
    {
    }

    public function handle(): void
    {
        Marks::done($this->mark);
    }
}
