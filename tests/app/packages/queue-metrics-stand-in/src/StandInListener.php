<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Events\Dispatcher;
use Illuminate\Queue\Events\JobExceptionOccurred;
use Illuminate\Queue\Events\JobFailed;
use Illuminate\Queue\Events\JobProcessed;
use Illuminate\Queue\Events\JobProcessing;
use Illuminate\Queue\Events\JobQueued;
use Illuminate\Queue\Events\JobRetryRequested;
use Illuminate\Queue\Events\JobTimedOut;
use Illuminate\Queue\Events\Looping;
use Illuminate\Queue\Events\WorkerStopping;
use Illuminate\Support\Carbon;

/**
 * Hears what the real package's listeners hear, and no more. None of them is guarded: where the store is away, the event's
 * cause fails.
 */
final class StandInListener
{
    /** An idle worker tells no oftener that it still is. */
    private const IDLE_HEARTBEAT_SECONDS = 10;

    private ?int $idleToldAt = null;

    public function __construct(
        private readonly StandInStore $store,
        private readonly WorkerHeartbeatRepository $workers,
    ) {
    }

    public function subscribe(Dispatcher $events): void
    {
        // One listener that knows when it told; a class name would be made anew for each event.
        $events->listen(JobQueued::class, $this->queued(...));
        $events->listen(JobProcessing::class, $this->starts(...));
        $events->listen(JobProcessed::class, $this->processed(...));
        $events->listen(JobFailed::class, $this->failed(...));
        $events->listen(JobExceptionOccurred::class, $this->threw(...));
        $events->listen(JobRetryRequested::class, $this->retried(...));
        $events->listen(JobTimedOut::class, $this->timedOut(...));
        $events->listen(WorkerStopping::class, $this->stopping(...));
        $events->listen(Looping::class, $this->looping(...));
    }

    private function queued(JobQueued $event): void
    {
        $queue = $event->queue ?? (is_object($event->job) ? $event->job->queue ?? null : null);

        if (! is_string($queue) || $queue === '') {
            $queue = (string) config("queue.connections.{$event->connectionName}.queue", 'default');
        }

        $this->store->jobQueued($event->connectionName, $queue);
    }

    private function starts(JobProcessing $event): void
    {
        $this->store->jobStarted($event->connectionName, $event->job->getQueue());
        $this->heartbeat($event->connectionName, $event->job->getQueue(), WorkerState::BUSY);
    }

    /** A job that released itself is processed as well. */
    private function processed(JobProcessed $event): void
    {
        $this->store->jobSucceeded($event->connectionName, $event->job->getQueue(), time());
        $this->heartbeat($event->connectionName, $event->job->getQueue(), WorkerState::IDLE);
    }

    /** Only the last failure, after which a job is not tried again. */
    private function failed(JobFailed $event): void
    {
        $this->store->jobFailed($event->connectionName, $event->job->getQueue());
        $this->heartbeat($event->connectionName, $event->job->getQueue(), WorkerState::IDLE);
    }

    private function threw(JobExceptionOccurred $event): void
    {
        $this->store->jobThrew($event->connectionName, $event->job->getQueue());
    }

    private function retried(JobRetryRequested $event): void
    {
        $this->store->jobQueued((string) $event->job->connection, (string) $event->job->queue);
    }

    private function timedOut(JobTimedOut $event): void
    {
        $this->store->jobThrew($event->connectionName, $event->job->getQueue());
    }

    private function looping(Looping $event): void
    {
        if ($this->idleToldAt !== null && time() - $this->idleToldAt < self::IDLE_HEARTBEAT_SECONDS) {
            return;
        }

        // An idle worker counts for the list that it was started with, as if that were a queue's name.
        $this->heartbeat($event->connectionName, $event->queue, WorkerState::IDLE);
        $this->idleToldAt = time();
    }

    private function stopping(WorkerStopping $event): void
    {
        $this->workers->transitionState($this->workerId(), WorkerState::STOPPED, Carbon::now());
    }

    private function heartbeat(string $connection, string $queue, WorkerState $state): void
    {
        $this->workers->recordHeartbeat(
            $this->workerId(),
            $connection,
            $queue,
            $state,
            null,
            null,
            (int) getmypid(),
            (string) gethostname(),
        );
    }

    private function workerId(): string
    {
        return 'worker_' . gethostname() . '_' . getmypid();
    }
}
