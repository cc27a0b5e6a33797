<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use Psr\Log\LoggerInterface;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;

/**
 * Writes each change to the application's log. Problems get there by themselves.
 *
 * @internal
 */
final class LogWriter extends Observer
{
    public function __construct(private readonly LoggerInterface $log)
    {
    }

    public function started(): void
    {
        $this->log->info('Queue Autoscale started.', ['pid' => getmypid()]);
    }

    public function turnEnded(Turn $turn): void
    {
        foreach ($turn->decisions as $pool => $decision) {
            if ($turn->outcomeOf($pool)->changedSomething()) {
                $this->log->info(
                    "{$pool}: {$decision->currentWorkers} → {$decision->targetWorkers} workers. {$decision->reason}",
                    $decision->toArray(),
                );
            }
        }
    }

    public function workerEvent(WorkerEvent $event): void
    {
        if ($event->isNoteworthy()) {
            $this->log->warning($event->sentence(), $event->details);
        }
    }

    public function stopped(string $reason): void
    {
        $this->log->info("Queue Autoscale stopped: {$reason}.", ['pid' => getmypid()]);
    }
}
