<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Contracts\Queue\Factory as Queues;
use Illuminate\Queue\RedisQueue;
use Throwable;

/**
 * How QueueMetrics is set up, as far as its readings hang on it. Each finding has its remedy.
 *
 * @internal
 */
final class Setup
{
    private const DEFAULT_REDIS_PORT = 6379;

    public function __construct(
        private readonly Config $config,
        private readonly Application $app,
        private readonly Queues $queues,
    ) {
    }

    public function records(): bool
    {
        return $this->isOn('enabled') && $this->isOn('persistence.enabled');
    }

    /** @return list<string> what keeps its readings from telling what is there */
    public function warnings(): array
    {
        $unheard = 'so QueueMetrics records nothing: only queues known by name are seen, without throughput.';

        return array_values(array_filter([
            $this->isOn('enabled') ? null : "queue-metrics.enabled is false, {$unheard} Set QUEUE_METRICS_ENABLED to true.",
            $this->isOn('persistence.enabled')
                ? null
                : "queue-metrics.persistence.enabled is false, {$unheard} Set QUEUE_METRICS_PERSISTENCE to true.",
            $this->frameworkWarning(),
        ]));
    }

    /** Where it keeps its records, for a sentence about a reading that failed; with the remedy, where one is known. */
    public function place(): string
    {
        $driver = $this->config->get('queue-metrics.storage.driver', 'redis');

        if ($driver !== 'redis') {
            return "its records are kept by the driver {$driver}, from which it cannot read queues: set QUEUE_METRICS_STORAGE to redis";
        }

        return "its records are in Redis at {$this->redisAddress()}, connection {$this->redisConnection()} of config/database.php";
    }

    /** @return ?string why the Redis that holds its records does not answer, with the remedy; null where it does or none does */
    public function redisFailure(): ?string
    {
        if ($this->config->get('queue-metrics.storage.driver', 'redis') !== 'redis') {
            return null;
        }

        try {
            $this->app->make('redis')->connection($this->redisConnection())->ping();

            return null;
        } catch (Throwable $thrown) {
            return sprintf(
                'Redis at %s, where QueueMetrics keeps its records, does not answer (%s): start it, or correct the connection %s of '
                . 'config/database.php or QUEUE_METRICS_CONNECTION.',
                $this->redisAddress(),
                rtrim($thrown->getMessage(), '.'),
                $this->redisConnection(),
            );
        }
    }

    private function isOn(string $key): bool
    {
        return (bool) $this->config->get("queue-metrics.{$key}", true);
    }

    private function redisConnection(): string
    {
        $connection = $this->config->get('queue-metrics.storage.connection');

        return is_string($connection) && $connection !== '' ? $connection : 'default';
    }

    private function redisAddress(): string
    {
        $settings = (array) $this->config->get("database.redis.{$this->redisConnection()}");
        $url = parse_url((string) ($settings['url'] ?? '')) ?: [];
        $host = $url['host'] ?? $settings['host'] ?? $settings['path'] ?? 'an unknown host';

        return is_string($host) && str_starts_with($host, '/')
            ? $host
            : sprintf('%s:%s', is_string($host) ? $host : 'an unknown host', $url['port'] ?? $settings['port'] ?? self::DEFAULT_REDIS_PORT);
    }

    /**
     * Before Laravel 12.19 a queue tells no more than its size, and QueueMetrics looks into Redis by itself, which not each of
     * its versions can on each Laravel. It then says 0 whatever waits.
     */
    private function frameworkWarning(): ?string
    {
        if (method_exists(RedisQueue::class, 'pendingSize')) {
            return null;
        }

        $connection = $this->config->get('queue-autoscale.connection') ?? $this->config->get('queue.default');

        if ($this->config->get("queue.connections.{$connection}.driver") !== 'redis') {
            return null;
        }

        return "Laravel {$this->app->version()} does not tell the depth of queues on Redis (connection {$connection}), so since when jobs "
            . 'wait is not known, and some versions of QueueMetrics say 0 jobs whatever waits. Update to Laravel 12.19 or later.';
    }
}
