<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Broadcasting\Channel;
use Illuminate\Contracts\Broadcasting\ShouldBroadcast;

final class MarkBroadcast implements ShouldBroadcast
{
    public function __construct(public string $mark, public string $connection, public string $queue)
    {
    }

    /** @return list<Channel> */
    public function broadcastOn(): array
    {
        return [new Channel('marks')];
    }

    /** @return array<string, string> what is broadcast, which the worker asks for */
    public function broadcastWith(): array
    {
        Marks::done($this->mark);

        return ['mark' => $this->mark];
    }
}
