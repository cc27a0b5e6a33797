<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Illuminate\Contracts\Queue\Job;
use Illuminate\Queue\Events\JobExceptionOccurred;
use Illuminate\Queue\Events\JobProcessed;
use Illuminate\Queue\Events\JobProcessing;
use Illuminate\Queue\Events\JobQueued;
use Illuminate\Queue\Events\WorkerIdle;
use Illuminate\Queue\Events\WorkerStarting;
use Illuminate\Queue\Events\WorkerStopping;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\ServiceProvider;

/**
 * A stand-in for cboxdk/laravel-queue-metrics, for the test application alone and only where the real package is not
 * installed. It computes the same array from the real queue and from Laravel's own job events.
 */
final class StandInServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->app->singleton(
            StandInStore::class,
            fn(): StandInStore => new StandInStore(storage_path('queue-metrics.sqlite')),
        );
        $this->app->singleton(QueueMetricsStandIn::class);
    }

    public function boot(StandInStore $store): void
    {
        $workersQueues = '';

        Event::listen(function (JobQueued $event) use ($store): void {
            $store->queueSeen($event->connectionName, $this->queueName($event->connectionName, $event->queue));
        });

        Event::listen(static function (WorkerStarting $event) use ($store, &$workersQueues): void {
            $workersQueues = (string) $event->queue;
            $store->workerSeen($event->connectionName, $workersQueues, busy: false);
        });

        Event::listen(static function (WorkerIdle $event) use ($store): void {
            $store->workerSeen($event->connectionName, $event->queue, busy: false);
        });

        Event::listen(static function (JobProcessing $event) use ($store): void {
            // A busy worker counts for its job's queue, an idle one for the list that it was started with.
            $store->workerSeen($event->connectionName, $event->job->getQueue(), busy: true);
        });

        Event::listen(static function (JobProcessed $event) use ($store, &$workersQueues): void {
            if (! self::isReleased($event->job)) {
                $store->jobSucceeded($event->connectionName, $event->job->getQueue(), time());
            }

            $store->workerSeen($event->connectionName, $workersQueues, busy: false);
        });

        Event::listen(static function (JobExceptionOccurred $event) use ($store, &$workersQueues): void {
            $store->jobFailed($event->connectionName, $event->job->getQueue());
            $store->workerSeen($event->connectionName, $workersQueues, busy: false);
        });

        Event::listen(static function (WorkerStopping $event) use ($store): void {
            $store->workerGone();
        });
    }

    private function queueName(string $connection, ?string $queue): string
    {
        return $queue ?? (string) config("queue.connections.{$connection}.queue", 'default');
    }

    private static function isReleased(Job $job): bool
    {
        return $job->isReleased();
    }
}
