<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Backends;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Kubernetes\KubernetesBackend;
use QueueAutoscale\Laravel\Manager\Problems;

/**
 * Makes the back end that the configuration names.
 *
 * @internal
 */
final class BackendFactory
{
    private const SHIPPED = [
        'local' => LocalBackend::class,
        'kubernetes' => KubernetesBackend::class,
        'external' => ExternalBackend::class,
    ];

    public function __construct(private readonly Container $container)
    {
    }

    public function make(Configuration $configuration, Problems $problems): WorkerBackend
    {
        $name = $configuration->toArray()['backend'];
        // What back ends ask for, the supervisor and the host's monitor among it, is made of it.
        $this->container->instance(Configuration::class, $configuration);
        $this->container->instance(Problems::class, $problems);

        return $this->container->make(self::SHIPPED[$name] ?? $name);
    }
}
