<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Status\Snapshot;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use Throwable;

/**
 * Leaves each turn's outcome where queue:autoscale:status finds it. A cache that cannot be written is reported once.
 *
 * @internal
 */
final class StatusWriter extends Observer
{
    private const PROBLEM = 'status in the cache';

    private ?Turn $lastTurn = null;

    public function __construct(
        private readonly SnapshotStore $snapshots,
        private readonly string $host,
        private readonly Problems $problems,
    ) {
    }

    public function turnEnded(Turn $turn): void
    {
        $this->lastTurn = $turn;
        $this->write($turn->secondsToNextTurn);
    }

    /** The manager is alive, and what it decided last still holds; what is wrong stands beside it. */
    public function turnFailed(float $secondsToNextTurn): void
    {
        $this->write($secondsToNextTurn);
    }

    public function stopped(string $reason): void
    {
        $this->guarded(fn() => $this->snapshots->forget($this->host));
    }

    private function write(float $secondsToNextTurn): void
    {
        $turn = $this->lastTurn;

        $this->guarded(fn() => $this->snapshots->put(new Snapshot(
            host: $this->host,
            pid: (int) getmypid(),
            takenAt: microtime(true),
            secondsBetweenTurns: $secondsToNextTurn,
            paused: $turn->paused ?? false,
            fencingNumber: $turn?->place?->leads() ? $turn->place->fencingNumber : null,
            decisions: $turn->decisions ?? [],
            problems: $this->problems->current(),
            orphanedWorkers: $turn?->orphanedWorkers() ?? [],
            reading: $turn?->seen?->reading(),
        )));
    }

    private function guarded(callable $write): void
    {
        try {
            $write();
            $this->problems->solved(self::PROBLEM);
        } catch (Throwable $thrown) {
            $this->problems->report(self::PROBLEM, 'The ' . self::PROBLEM . " could not be written: {$thrown->getMessage()}", $thrown);
        }
    }
}
