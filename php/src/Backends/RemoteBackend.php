<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Backends;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\WorkerSupervisor;

/**
 * A back end whose workers run somewhere else and live on when the manager ends. The supervisor has no worker then; it
 * waits for the next turn and for signals.
 *
 * Leaves pools() and scale() to write. The container gives a constructor's arguments; one of your own calls this one.
 */
abstract class RemoteBackend implements WorkerBackend
{
    public function __construct(private readonly WorkerSupervisor $supervisor)
    {
    }

    public function carryOut(ScalingDecision $decision): ScaleOutcome
    {
        return $this->scale($decision->connection, $decision->queues, $decision->targetWorkers);
    }

    public function supervise(float $seconds): array
    {
        return $this->supervisor->supervise($seconds);
    }

    public function stopRequested(): bool
    {
        return $this->supervisor->stopRequested();
    }

    public function paused(): bool
    {
        return $this->supervisor->paused();
    }

    public function capacity(): ?HostCapacity
    {
        return null;
    }

    public function tellOutput(bool $tells): void
    {
    }

    public function workersThatEndWithManager(): int
    {
        return 0;
    }

    public function shutdown(): array
    {
        return [];
    }
}
