<?php

declare(strict_types=1);

namespace App\Backends;

use QueueAutoscale\Laravel\Backends\RemoteBackend;
use QueueAutoscale\Laravel\ScaleOutcome;

/** Has no workers at all; keeps a list of how many there are to be. */
final class ListedWorkers extends RemoteBackend
{
    /** @var array<string, array{connection: string, queues: string, idle: int}> by pool */
    public static array $list = [];

    public function pools(): array
    {
        return self::$list;
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        $before = self::$list["{$connection}:{$queues}"]['idle'] ?? 0;
        self::$list["{$connection}:{$queues}"] = ['connection' => $connection, 'queues' => $queues, 'idle' => $targetWorkers];

        return new ScaleOutcome(max(0, $targetWorkers - $before), max(0, $before - $targetWorkers));
    }
}
