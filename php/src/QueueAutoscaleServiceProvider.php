<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use Illuminate\Support\ServiceProvider;
use QueueAutoscale\Laravel\Console\AutoscaleCommand;
use QueueAutoscale\Laravel\Console\CheckCommand;
use QueueAutoscale\Laravel\Console\ExplainCommand;
use QueueAutoscale\Laravel\Console\InstallCommand;
use QueueAutoscale\Laravel\Console\RestartCommand;
use QueueAutoscale\Laravel\Console\SimulateCommand;
use QueueAutoscale\Laravel\Console\StatusCommand;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Installation\Home;
use QueueAutoscale\Laravel\KnownQueues\DispatchListener;
use QueueAutoscale\Laravel\Metrics\CleanUpClock;
use QueueAutoscale\Laravel\Metrics\QueueMetricsSource;
use QueueAutoscale\Laravel\Metrics\ReadOnce\CheapReading;
use QueueAutoscale\Laravel\Prometheus\Gauges;
use QueueAutoscale\Laravel\Workers\WorkerListener;
use QueueAutoscale\Native\LibraryFile;
use Spatie\Prometheus\Prometheus;

/** Brings Queue Autoscale into an application; Laravel discovers it by itself. */
final class QueueAutoscaleServiceProvider extends ServiceProvider
{
    private const CONFIG_FILE = __DIR__ . '/../config/queue-autoscale.php';

    public function register(): void
    {
        $this->mergeConfigFrom(self::CONFIG_FILE, 'queue-autoscale');

        $this->app->bind(MetricsSource::class, QueueMetricsSource::class);
        CheapReading::register($this->app);

        LibraryFile::lookAlsoIn(fn(): ?string => Home::find($this->app->storagePath()));
    }

    public function boot(): void
    {
        // Once somebody asks for it; where the package is not installed, nobody does.
        $this->callAfterResolving(Prometheus::class, fn(Prometheus $prometheus) => $this->app->make(Gauges::class)->register($prometheus));

        DispatchListener::register($this->app);

        if (! $this->app->runningInConsole()) {
            return;
        }

        $this->publishes([self::CONFIG_FILE => $this->app->configPath('queue-autoscale.php')], 'queue-autoscale-config');
        WorkerListener::register($this->app);
        CleanUpClock::register($this->app);
        $this->commands([
            AutoscaleCommand::class,
            CheckCommand::class,
            ExplainCommand::class,
            InstallCommand::class,
            RestartCommand::class,
            SimulateCommand::class,
            StatusCommand::class,
        ]);
    }
}
