<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Log\LogManager;
use QueueAutoscale\Configuration;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\Laravel\AutoscaleManager;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Observers\EventDispatching;
use QueueAutoscale\Laravel\Observers\LogWriter;
use QueueAutoscale\Laravel\Observers\ObserverList;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\WorkerSupervisor;
use Throwable;

/**
 * Puts a manager together once all that it needs is known to be there, and runs it.
 *
 * @internal
 */
final class ManagerLauncher
{
    public function __construct(
        private readonly Container $container,
        private readonly Config $config,
        private readonly ConfigurationFactory $configurations,
        private readonly LogManager $logs,
        private readonly Cache $cache,
        private readonly Dispatcher $events,
    ) {
    }

    /** @throws CannotStart before anything was started */
    public function run(ManagerOptions $options, ManagerObserver $display): void
    {
        Requirements::check();
        $this->overrideInterval($options->intervalSeconds);

        $configuration = $this->configurations->make();

        if (! $configuration->enabled()) {
            $display->stopped('queue-autoscale.enabled is false');

            return;
        }

        $log = $this->logs->channel($this->config->get('queue-autoscale.manager.log_channel'));
        $problems = new Problems($log);

        $this->manager($configuration, $problems)->run($options, new ObserverList(
            new EventDispatching($this->events, $problems),
            new LogWriter($log),
            $display,
        ));
    }

    private function manager(Configuration $configuration, Problems $problems): AutoscaleManager
    {
        return new AutoscaleManager(
            configuration: $configuration,
            engine: new ScalingEngine($configuration),
            supervisor: new WorkerSupervisor($configuration),
            host: new HostMonitor(),
            metrics: $this->container->make(MetricsSource::class),
            strategies: new StrategyExecutor($configuration, $this->container, $problems),
            policies: new PolicyExecutor($this->policies(), $problems),
            restart: new RestartSignal($this->cache),
            problems: $problems,
        );
    }

    /** @return list<ScalingPolicy> */
    private function policies(): array
    {
        $policies = [];

        foreach (array_values((array) $this->config->get('queue-autoscale.policies')) as $index => $class) {
            try {
                $policies[] = $this->container->make($class);
            } catch (Throwable $thrown) {
                throw CannotStart::because("queue-autoscale.policies.{$index}: {$class} cannot be made: {$thrown->getMessage()}");
            }
        }

        return $policies;
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
