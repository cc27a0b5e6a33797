<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Backends;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\Laravel\Contracts\AdoptsWorkers;
use QueueAutoscale\Laravel\Contracts\LetsIdleWorkersLeave;
use QueueAutoscale\Laravel\Contracts\RetriesAfterOutage;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\WorkerSupervisor;

/** Runs `queue:work` processes on this host, under the supervisor. */
final class LocalBackend implements AdoptsWorkers, LetsIdleWorkersLeave, RetriesAfterOutage, WorkerBackend
{
    public function __construct(
        private readonly WorkerSupervisor $supervisor,
        private readonly HostMonitor $host,
    ) {
    }

    public function adopt(string $application): void
    {
        $this->supervisor->adopt($application);
    }

    public function pools(): array
    {
        return $this->supervisor->pools();
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        $outcome = $this->supervisor->scalePool($connection, $queues, $targetWorkers);

        return new ScaleOutcome($outcome['started'], $outcome['stopped']);
    }

    public function carryOut(ScalingDecision $decision): ScaleOutcome
    {
        $outcome = $this->supervisor->scale($decision);

        return new ScaleOutcome($outcome['started'], $outcome['stopped']);
    }

    public function letIdleLeave(string $connection, string $queues, int $idleFloorWorkers): void
    {
        $this->supervisor->letIdleLeave($connection, $queues, $idleFloorWorkers);
    }

    public function retryAfterOutage(float $seconds): void
    {
        $this->supervisor->endBackOff($seconds);
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

    public function capacity(): HostCapacity
    {
        return $this->host->read();
    }

    public function tellOutput(bool $tells): void
    {
        $this->supervisor->tellOutput($tells);
    }

    public function workersThatEndWithManager(): int
    {
        return count($this->supervisor->workers());
    }

    public function shutdown(): array
    {
        return $this->supervisor->shutdown()['events'];
    }
}
