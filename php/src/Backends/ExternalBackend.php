<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Backends;

use QueueAutoscale\Laravel\ScaleOutcome;

/**
 * Leaves scaling to somebody who reads the gauges, KEDA or a HorizontalPodAutoscaler. How many workers that one has is not
 * known here: what was decided counts as done.
 *
 * @internal
 */
final class ExternalBackend extends RemoteBackend
{
    /** @var array<string, array{connection: string, queues: string, unknown: int}> by pool */
    private array $decided = [];

    public function pools(): array
    {
        return $this->decided;
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        $before = $this->decided["{$connection}:{$queues}"]['unknown'] ?? 0;
        $this->decided["{$connection}:{$queues}"] = ['connection' => $connection, 'queues' => $queues, 'unknown' => $targetWorkers];

        return new ScaleOutcome(max(0, $targetWorkers - $before), max(0, $before - $targetWorkers));
    }
}
