<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Queue\Attributes\Queue;

#[Queue(self::QUEUE)]
final class FirstAttributeJob extends MarkJob
{
    public const QUEUE = 'attribute-first';
}
