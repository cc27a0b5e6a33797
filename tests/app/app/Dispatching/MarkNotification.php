<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Notifications\Notification;

/** A channel of its own, too. */
final class MarkNotification extends Notification implements ShouldQueue
{
    use Queueable;

    public function __construct(public readonly string $mark = '')
    {
    }

    /** @return list<class-string> */
    public function via(object $notifiable): array
    {
        return [self::class];
    }

    public function send(object $notifiable, self $notification): void
    {
        Marks::done($notification->mark);
    }
}
