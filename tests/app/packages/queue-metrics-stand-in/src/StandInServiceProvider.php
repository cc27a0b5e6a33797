<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Cbox\LaravelQueueMetrics\Commands\CleanupStaleWorkersCommand;
use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Cbox\LaravelQueueMetrics\Repositories\StandInHeartbeats;
use Cbox\LaravelQueueMetrics\Services\StandInInspector;
use Illuminate\Console\Scheduling\Schedule;
use Illuminate\Redis\Connections\Connection;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\ServiceProvider;

/**
 * A stand-in for cboxdk/laravel-queue-metrics, for the test application alone and only where the real package is not
 * installed. It computes the same array from the real queue and from Laravel's own job events, and is wrong where the real
 * one is: tests/php/Contract says of both what they tell, and what they do not.
 */
final class StandInServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__ . '/../config/queue-metrics.php', 'queue-metrics');
        $this->app->singleton(StandInStore::class, fn(): StandInStore => new StandInStore(
            storage_path('queue-metrics.sqlite'),
            // The real package keeps everything in Redis; the stand-in at least fails whenever Redis does.
            fn(): ?Connection => config('queue-metrics.stand_in.needs_redis')
                ? $this->app->make('redis')->connection((string) config('queue-metrics.storage.connection'))
                : null,
            (int) config('queue-metrics.storage.ttl.raw'),
            (int) config('queue-metrics.storage.ttl.aggregated'),
        ));
        $this->app->singleton(QueueInspector::class, StandInInspector::class);
        $this->app->singleton(WorkerHeartbeatRepository::class, StandInHeartbeats::class);
        $this->app->singleton(QueueMetricsStandIn::class);
    }

    public function boot(): void
    {
        if (! config('queue-metrics.enabled')) {
            return;
        }

        if (config('queue-metrics.persistence.enabled')) {
            Event::subscribe(StandInListener::class);
        }

        if (! $this->app->runningInConsole()) {
            return;
        }

        $this->commands([CleanupStaleWorkersCommand::class]);

        if (config('queue-metrics.persistence.enabled') && config('queue-metrics.scheduling.enabled')) {
            $this->callAfterResolving(Schedule::class, static function (Schedule $schedule): void {
                $schedule->command('queue-metrics:cleanup-stale-workers')->everyMinute();
            });
        }
    }
}
