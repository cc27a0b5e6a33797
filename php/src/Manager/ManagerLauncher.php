<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Events\Dispatcher;
use Psr\Log\LoggerInterface;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\AutoscaleManager;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Observers\EventDispatching;
use QueueAutoscale\Laravel\Observers\LogWriter;
use QueueAutoscale\Laravel\Observers\ObserverList;
use QueueAutoscale\Laravel\Requirements;

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
    ) {
    }

    /** @throws CannotStart before anything was started */
    public function run(ManagerOptions $options, ManagerObserver $display): void
    {
        Requirements::check();

        if ($options->intervalSeconds !== null) {
            $this->config->set(
                'queue-autoscale.manager.interval_seconds',
                is_numeric($options->intervalSeconds) ? (float) $options->intervalSeconds : $options->intervalSeconds,
            );
        }

        // The first to be made, so that a bad configuration ends it all here.
        if (! $this->container->make(Configuration::class)->enabled()) {
            $display->stopped('queue-autoscale.enabled is false');

            return;
        }

        $problems = $this->container->make(Problems::class);

        $this->container->make(AutoscaleManager::class)->run($options, new ObserverList(
            new EventDispatching($this->container->make(Dispatcher::class), $problems),
            new LogWriter($this->container->make(LoggerInterface::class)),
            $display,
        ));
    }
}
