<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Configuration;

/**
 * The queues that configuration files name: config/queue-autoscale.php those that are to be worked, config/queue.php each
 * connection's default, of which nobody knows whether it is used.
 *
 * @internal
 */
final class ConfiguredQueues
{
    private const QUEUE_SEPARATOR = ',';

    /** To ask any other connection than the application's own takes credentials, and a network that may not be there. */
    private const DRIVERS_AT_HAND = ['redis', 'database'];

    private const DEFAULT_QUEUE = 'default';

    public function __construct(
        private readonly Configuration $configuration,
        private readonly Config $config,
    ) {
    }

    /** @return array<string, QueueName> groups' members and queues without wildcard, by key */
    public function named(): array
    {
        return self::ofPools($this->configuration->pools());
    }

    /** @return array<string, QueueName> connections' default queues, by key */
    public function defaults(): array
    {
        $own = $this->config->get('queue-autoscale.connection') ?? $this->config->get('queue.default');
        $names = [];

        foreach ((array) $this->config->get('queue.connections') as $connection => $settings) {
            $driver = is_array($settings) ? $settings['driver'] ?? null : null;

            if (in_array($driver, self::DRIVERS_AT_HAND, strict: true) || ($connection === $own && $driver !== 'sync')) {
                $queue = $settings['queue'] ?? self::DEFAULT_QUEUE;
                $name = new QueueName((string) $connection, is_string($queue) && $queue !== '' ? $queue : self::DEFAULT_QUEUE);
                $names[$name->key()] = $name;
            }
        }

        return $names;
    }

    /** @return list<string> keys of a pool's queues */
    public static function keysOf(string $connection, string $queues): array
    {
        return array_keys(self::ofPools([['connection' => $connection, 'queues' => $queues]]));
    }

    /**
     * @param array<array<string, mixed>> $pools each with its connection and queues
     * @return array<string, QueueName> every member, by key
     */
    public static function ofPools(array $pools): array
    {
        $names = [];

        foreach ($pools as $pool) {
            foreach (explode(self::QUEUE_SEPARATOR, (string) $pool['queues']) as $queue) {
                $name = new QueueName((string) $pool['connection'], $queue);
                $names[$name->key()] = $name;
            }
        }

        return $names;
    }
}
