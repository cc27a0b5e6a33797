<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Backends;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;

/**
 * Makes the back end that the configuration names.
 *
 * @internal
 */
final class BackendFactory
{
    public const SHIPPED = ['local' => LocalBackend::class];

    public function __construct(private readonly Container $container)
    {
    }

    public function make(Configuration $configuration): WorkerBackend
    {
        $name = $configuration->toArray()['backend'];
        // What back ends ask for, the supervisor and the host's monitor among it, is made of it.
        $this->container->instance(Configuration::class, $configuration);

        return $this->container->make(self::SHIPPED[$name] ?? $name);
    }
}
