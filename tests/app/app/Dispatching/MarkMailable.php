<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Mail\Mailable;

final class MarkMailable extends Mailable implements ShouldQueue
{
    use Queueable;

    public function __construct(public readonly string $mark)
    {
    }

    public function build(): void
    {
        Marks::done($this->mark);
        $this->html('Marked.');
    }
}
