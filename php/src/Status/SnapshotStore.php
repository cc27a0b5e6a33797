<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use Illuminate\Contracts\Cache\Repository as Cache;

/**
 * Keeps the managers' last snapshots, one a host, in the application's cache.
 *
 * @internal
 */
final class SnapshotStore
{
    private const HOSTS_KEY = 'queue-autoscale:hosts';

    private const SNAPSHOT_KEY = 'queue-autoscale:status:';

    /** A manager that has ended badly is still seen for that long. */
    private const KEEP_SECONDS = 86_400;

    public function __construct(private readonly Cache $cache)
    {
    }

    public function put(Snapshot $snapshot): void
    {
        $this->cache->put(self::SNAPSHOT_KEY . $snapshot->host, $snapshot->toArray(), self::KEEP_SECONDS);

        $hosts = $this->hosts();

        if (! in_array($snapshot->host, $hosts, strict: true)) {
            $this->cache->put(self::HOSTS_KEY, [...$hosts, $snapshot->host], self::KEEP_SECONDS);
        }
    }

    public function forget(string $host): void
    {
        $this->cache->forget(self::SNAPSHOT_KEY . $host);
    }

    public function of(string $host): ?Snapshot
    {
        $values = $this->cache->get(self::SNAPSHOT_KEY . $host);

        return is_array($values) ? Snapshot::fromArray($values) : null;
    }

    /** @return list<Snapshot> */
    public function all(): array
    {
        return array_values(array_filter(array_map($this->of(...), $this->hosts())));
    }

    /**
     * The decisions as ScalingDecision::toArray() made them, for those who do not have its class: a web server needs no extension.
     *
     * @return list<array<string, array<string, mixed>>> of each manager that is not silent, by pool
     */
    public function decisionsOfLivingManagers(): array
    {
        $all = array_filter(array_map(fn(string $host): mixed => $this->cache->get(self::SNAPSHOT_KEY . $host), $this->hosts()), is_array(...));
        $living = array_filter($all, static fn(array $values): bool => ! Snapshot::isSilent($values['taken_at'], $values['seconds_between_turns']));

        return array_values(array_column($living, 'decisions'));
    }

    /** @return list<string> */
    private function hosts(): array
    {
        return (array) $this->cache->get(self::HOSTS_KEY, []);
    }
}
