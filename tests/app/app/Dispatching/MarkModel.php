<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Broadcasting\Channel;
use Illuminate\Database\Eloquent\BroadcastsEvents;
use Illuminate\Database\Eloquent\Model;

/** @property string $mark */
final class MarkModel extends Model
{
    use BroadcastsEvents;

    public $timestamps = false;

    protected $table = 'marks';

    protected $guarded = [];

    /** @return list<Channel> */
    public function broadcastOn(string $event): array
    {
        return [new Channel('marks')];
    }

    public function broadcastConnection(): string
    {
        return (string) $this->getAttribute('connection_name');
    }

    public function broadcastQueue(): string
    {
        return (string) $this->getAttribute('queue');
    }

    /** @return array<string, string> what is broadcast, which the worker asks for */
    public function broadcastWith(string $event): array
    {
        Marks::done($this->mark);

        return ['mark' => $this->mark];
    }
}
