<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use Closure;
use Illuminate\Contracts\Cache\Factory as Caches;
use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Support\Arr;
use InvalidArgumentException;
use QueueAutoscale\ClusterPlanner;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\CapacityReader;
use QueueAutoscale\Laravel\Manager\Decider;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\WorkerScaler;

/**
 * Puts together what a manager among several is made of.
 *
 * @internal
 */
final class ClusterFactory
{
    /** Stores that no other process can see into. */
    private const PRIVATE_DRIVERS = ['array', 'null', 'session', 'apc'];

    private const HOSTS_OWN = [
        'cluster.host',
        'limits',
        'manager.lock',
        'workers.php_binary',
        'workers.artisan_path',
        'workers.working_directory',
        'workers.environment',
    ];

    public function __construct(
        private readonly Caches $caches,
        private readonly Config $config,
    ) {
    }

    /**
     * @param Closure(): Decider $newDecider one without any memory
     *
     * @throws CannotStart
     */
    public function make(
        ClusterSettings $settings,
        Configuration $configuration,
        Closure $newDecider,
        WorkerBackend $backend,
        WorkerScaler $scaler,
        Problems $problems,
    ): ClusterTurns {
        $store = $this->store($settings);
        $fingerprint = self::fingerprint($configuration);
        $lease = new Lease($store, $settings->host, $settings->leaseSeconds);

        return new ClusterTurns(
            $settings,
            $store,
            new Leadership($settings, $store, $lease, static fn(): Leader => new Leader(
                $settings,
                $store,
                $lease,
                new ClusterPlanner($configuration),
                $newDecider(),
                new HostWatch($settings->leaseSeconds),
                $problems,
                $fingerprint,
            )),
            $backend,
            new ShareScaler(
                $backend,
                $scaler,
                $settings->intervalSeconds,
                static fn(string $connection, string $queues): int => $configuration->poolSettings($connection, $queues)['max_workers'],
            ),
            new CapacityReader($backend->capacity(...), $problems),
            $problems,
            $fingerprint,
        );
    }

    /** What tells an application from others that share a cache store with it. */
    public static function application(Config $config): string
    {
        return implode("\0", array_map(
            static fn(string $key): string => (string) $config->get($key),
            ['app.name', 'app.env', 'app.key'],
        ));
    }

    /** Of what must be the same on all hosts: all but what is a host's own. */
    private static function fingerprint(Configuration $configuration): string
    {
        return hash('xxh128', (string) json_encode(Arr::except($configuration->toArray(), self::HOSTS_OWN)));
    }

    /** @throws CannotStart where the hosts cannot meet in it */
    public function store(ClusterSettings $settings): ClusterStore
    {
        $name = $settings->store ?? (string) $this->config->get('cache.default');
        $driver = $this->config->get("cache.stores.{$name}.driver");

        if ($driver === null || in_array($driver, self::PRIVATE_DRIVERS, strict: true)) {
            throw CannotStart::because(
                "queue-autoscale.cluster.store: \"{$name}\" is no store of config/cache.php that several hosts can share; "
                . 'use one of Redis, Memcached, DynamoDB or a database.',
            );
        }

        try {
            return ClusterStore::of($this->caches->store($name), $name, self::application($this->config));
        } catch (InvalidArgumentException $unknown) {
            throw CannotStart::because("queue-autoscale.cluster.store: {$unknown->getMessage()}");
        }
    }
}
