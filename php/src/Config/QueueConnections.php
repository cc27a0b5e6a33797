<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Config;

use Illuminate\Contracts\Config\Repository;

/**
 * The application's queue connections, and which of them workers can work.
 *
 * @internal
 */
final class QueueConnections
{
    /** Jobs of these run in the process that dispatches them, or nowhere: `queue:work` would find none, for ever. */
    private const DRIVERS_WITHOUT_WORKERS = ['sync', 'deferred', 'background', 'null'];

    /** Hands each job to the first of its `connections` that takes it; the jobs are there. */
    private const FAILOVER = 'failover';

    public function __construct(private readonly Repository $config)
    {
    }

    /** @return list<string> */
    public function names(): array
    {
        return array_map(strval(...), array_keys((array) $this->config->get('queue.connections')));
    }

    /** The connection of queues that are named without one. */
    public function default(): string
    {
        return (string) $this->resolve($this->config->get('queue-autoscale.connection'));
    }

    /**
     * @param mixed $name as in `queue-autoscale.connection`; null for the application's default
     * @return mixed the connection that its jobs are on: of those to which it fails over the first
     */
    public function resolve(mixed $name): mixed
    {
        $name ??= (string) $this->config->get('queue.default');

        if (! is_string($name)) {
            return $name;
        }

        $seen = [];

        while ($this->driver($name) === self::FAILOVER && ! isset($seen[$name])) {
            $seen[$name] = true;
            $name = (string) (array_values((array) $this->config->get("queue.connections.{$name}.connections"))[0] ?? $name);
        }

        return $name;
    }

    /** @return list<string> those that no worker is started for */
    public function withoutWorkers(): array
    {
        return array_values(array_filter(
            $this->names(),
            fn(string $name): bool => in_array($this->driver($name), [...self::DRIVERS_WITHOUT_WORKERS, self::FAILOVER], strict: true),
        ));
    }

    public function driver(string $name): ?string
    {
        $driver = $this->config->get("queue.connections.{$name}.driver");

        return is_string($driver) ? $driver : null;
    }
}
