<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Queue\Attributes\Queue;

/** Another one, as the queue is the class's own and two cells of the matrix need queues that were never used. */
#[Queue(self::QUEUE)]
final class SecondAttributeJob extends MarkJob
{
    public const QUEUE = 'attribute-second';
}
