<?php

declare(strict_types=1);

namespace App\Dispatching;

final readonly class MarkEvent
{
    public function __construct(public string $mark, public string $connection, public string $queue)
    {
    }
}
