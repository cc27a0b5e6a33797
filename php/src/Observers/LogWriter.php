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
    private string $place = '';

    public function __construct(private readonly LoggerInterface $log)
    {
    }

    public function started(): void
    {
        $this->log->info('Queue Autoscale started.', ['pid' => getmypid()]);
    }

    public function turnEnded(Turn $turn): void
    {
        if ($turn->place !== null && $turn->place->sentence() !== $this->place) {
            $this->place = $turn->place->sentence();
            $this->log->info($this->place);
        }

        foreach ($turn->changes() as $change) {
            $pool = $change->pool();
            $this->log->info(
                "{$pool}: {$change->fromWorkers} → {$change->toWorkers} workers. {$turn->reasonFor($pool)}",
                ($turn->decisions[$pool] ?? null)?->toArray() ?? [],
            );
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
