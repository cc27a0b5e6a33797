<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Log\LogManager;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\AutoscaleManager;
use QueueAutoscale\Laravel\Backends\BackendFactory;
use QueueAutoscale\Laravel\Checks\CheckStatus;
use QueueAutoscale\Laravel\Checks\HorizonCheck;
use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterSettings;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Config\QueueSelection;
use QueueAutoscale\Laravel\Contracts\AdoptsWorkers;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\KnownQueues\KnownQueuesFactory;
use QueueAutoscale\Laravel\Observers\EventDispatching;
use QueueAutoscale\Laravel\Observers\LogWriter;
use QueueAutoscale\Laravel\Observers\ObserverList;
use QueueAutoscale\Laravel\Observers\SetupWatch;
use QueueAutoscale\Laravel\Observers\StatusWriter;
use QueueAutoscale\Laravel\Observers\TelescopeAndPulse;
use QueueAutoscale\Laravel\Observers\TurnRecorder;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\Policies\PolicyFactory;
use QueueAutoscale\Laravel\Recording\RecordingFile;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingEngine;
use Throwable;

/**
 * Puts a manager together once all that it needs is known to be there, and runs it.
 *
 * @internal
 */
final class ManagerLauncher
{
    /** What a manager may need to end beyond the time that its workers have. */
    private const REPLACE_MARGIN_SECONDS = 5.0;

    public function __construct(
        private readonly Application $app,
        private readonly Config $config,
        private readonly ConfigurationFactory $configurations,
        private readonly LogManager $logs,
        private readonly Cache $cache,
        private readonly Dispatcher $events,
        private readonly ExceptionHandler $exceptions,
        private readonly SnapshotStore $snapshots,
        private readonly PolicyFactory $policies,
        private readonly BackendFactory $backends,
        private readonly ClusterFactory $clusters,
    ) {
    }

    /** @throws CannotStart before anything was started */
    public function run(ManagerOptions $options, ManagerObserver $display): void
    {
        Requirements::check();
        $this->overrideInterval($options->intervalSeconds);

        $configuration = $this->configurations->make();

        if (! $configuration->enabled()) {
            $this->stayOff($options, $display);

            return;
        }

        $log = new ForgivingLogger($this->logs->channel($this->config->get('queue-autoscale.manager.log_channel')));
        $problems = new Problems($log);
        $backend = $this->backends->make($configuration, $problems);
        $manager = $this->manager($configuration, $options, $backend, $problems);
        // A dry run starts no worker, so it may run beside a manager.
        $lock = $options->dryRun ? null : $this->lock($options);

        $observers = new ObserverList(...array_filter([
            new EventDispatching($this->events, $problems),
            new LogWriter($log),
            $this->app->make(SetupWatch::class, ['problems' => $problems]),
            // A dry run may run beside a manager, whose status this is.
            $options->dryRun ? null : new StatusWriter($this->snapshots, ClusterSettings::of($configuration)->host, $problems),
            $options->record === null ? null : new TurnRecorder(new RecordingFile($options->record), $problems, $log),
            new TelescopeAndPulse($this->app, $problems),
            $display,
        ]));
        $problems->listen(static fn(string $message) => $observers->problem($message));
        // So that whatever the application reports its exceptions to hears of these as well.
        $problems->listen(fn(string $message, ?Throwable $cause) => $cause === null
            ?: rescue(fn() => $this->exceptions->report($cause), report: false));

        foreach ($this->warnings() as $warning) {
            $problems->report($warning, $warning);
        }

        if ($lock !== null && $backend instanceof AdoptsWorkers) {
            $backend->adopt($this->application());
        }

        try {
            $manager->run($options, $observers);
        } finally {
            $lock?->release();
        }
    }

    private function stayOff(ManagerOptions $options, ManagerObserver $display): void
    {
        if ($options->once || $options->dryRun) {
            $display->stopped('queue-autoscale.enabled is false');

            return;
        }

        $display->problem('queue-autoscale.enabled is false, so no worker is started; set it to true and run queue:autoscale:restart.');
        $display->stopped((new SwitchedOff(new RestartSignal($this->cache)))->waitForTheEnd());
    }

    /** @return list<string> what will not be as the user may expect, although the manager can run */
    private function warnings(): array
    {
        $horizon = $this->app->make(HorizonCheck::class)->run();

        return [
            ...$this->configurations->warnings(),
            ...($horizon->status === CheckStatus::Warning ? [$horizon->message] : []),
        ];
    }

    private function lock(ManagerOptions $options): ManagerLock
    {
        $shutdownSeconds = (float) $this->config->get('queue-autoscale.workers.shutdown_timeout_seconds', 30);

        $path = $this->config->get('queue-autoscale.manager.lock');

        return ManagerLock::acquire(
            $path !== null ? [$path] : [
                $this->app->storagePath('framework/queue-autoscale.lock'),
                // Where the application's files are read-only, as in a container.
                sys_get_temp_dir() . '/queue-autoscale-' . hash('xxh3', $this->app->basePath()) . '.lock',
            ],
            $options->replace ? $shutdownSeconds + self::REPLACE_MARGIN_SECONDS : 0.0,
        );
    }

    /** What tells the application from others on this host, and stays the same from one deployment to the next. */
    private function application(): string
    {
        $storage = $this->app->storagePath();
        $lock = $this->config->get('queue-autoscale.manager.lock');

        // Managers with locks of their own are none of each other's business.
        return ((string) realpath($storage) ?: $storage) . ($lock === null ? '' : "|{$lock}");
    }

    private function manager(
        Configuration $configuration,
        ManagerOptions $options,
        WorkerBackend $backend,
        Problems $problems,
    ): AutoscaleManager {
        return new AutoscaleManager(
            turns: $this->turns($configuration, $options, $backend, $problems),
            backend: $backend,
            restart: new RestartSignal($this->cache),
            problems: $problems,
        );
    }

    private function turns(
        Configuration $configuration,
        ManagerOptions $options,
        WorkerBackend $backend,
        Problems $problems,
    ): TurnSource {
        $newDecider = fn(): Decider => $this->decider($configuration, $options, $problems);
        $scaler = new WorkerScaler($backend, $problems);
        $cluster = ClusterSettings::of($configuration);

        // A dry run starts no worker, so it has no share in anything.
        return $cluster->enabled && ! $options->dryRun
            ? $this->clusters->make($cluster, $configuration, $newDecider, $backend, $scaler, $problems)
            : new LocalTurns(
                $newDecider(),
                $backend,
                $scaler,
                new CapacityReader($backend->capacity(...), $problems),
                $configuration->intervalSeconds(),
                $options->dryRun,
            );
    }

    private function decider(Configuration $configuration, ManagerOptions $options, Problems $problems): Decider
    {
        return new Decider(
            engine: new ScalingEngine($configuration),
            metrics: $this->app->make(MetricsSource::class),
            queues: $this->app->make(KnownQueuesFactory::class)->make($configuration, remembers: ! $options->dryRun),
            strategies: new StrategyExecutor($configuration, $this->app, $problems),
            policies: new PolicyExecutor($this->policies->all(), $problems),
            only: QueueSelection::ofApplication($options->only),
            pace: new CyclePace($configuration->intervalSeconds()),
            problems: $problems,
        );
    }

    private function overrideInterval(?string $seconds): void
    {
        if ($seconds !== null) {
            $this->config->set(
                'queue-autoscale.manager.interval_seconds',
                is_numeric($seconds) ? (float) $seconds : $seconds,
            );
        }
    }
}
