<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Contracts\Queue\ShouldQueue;

final class MarkListener implements ShouldQueue
{
    public function viaConnection(MarkEvent $event): string
    {
        return $event->connection;
    }

    public function viaQueue(MarkEvent $event): string
    {
        return $event->queue;
    }

    public function handle(MarkEvent $event): void
    {
        Marks::done($event->mark);
    }
}
