<?php

declare(strict_types=1);

namespace App\Dispatching;

/** Goes back to its queue once, for a second. */
final class ReleasedMarkJob extends MarkJob
{
    public function handle(): void
    {
        if ($this->attempts() > 1) {
            parent::handle();
        } else {
            $this->release(1);
        }
    }
}
