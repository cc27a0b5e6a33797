<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Contracts\Queue\ShouldBeUnique;

final class UniqueMarkJob extends MarkJob implements ShouldBeUnique
{
    public function uniqueId(): string
    {
        return $this->mark;
    }
}
