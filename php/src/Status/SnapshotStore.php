<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use Illuminate\Contracts\Cache\Repository as Cache;

/**
 * Keeps the managers' last snapshots, one a host, in the application's cache. A mark beside each expires when its manager has been
 * silent for too long: by the store's clock, where it has one, so that the hosts' clocks may differ.
 *
 * @internal
 */
final class SnapshotStore
{
    private const HOSTS_KEY = 'queue-autoscale:hosts';

    private const SNAPSHOT_KEY = 'queue-autoscale:status:';

    private const ALIVE_KEY = 'queue-autoscale:alive:';

    /** A manager that has ended badly is still seen for that long. */
    private const KEEP_SECONDS = 86_400;

    /** A manager that was silent for more turns than that is taken for dead. */
    private const MISSED_TURNS = 3;

    public function __construct(private readonly Cache $cache)
    {
    }

    public function put(Snapshot $snapshot): void
    {
        $this->cache->put(self::SNAPSHOT_KEY . $snapshot->host, $snapshot->toArray(), self::KEEP_SECONDS);
        $this->cache->put(self::ALIVE_KEY . $snapshot->host, true, (int) ceil(self::MISSED_TURNS * $snapshot->secondsBetweenTurns));

        $hosts = $this->hosts();

        if (! in_array($snapshot->host, $hosts, strict: true)) {
            $this->cache->put(self::HOSTS_KEY, [...$hosts, $snapshot->host], self::KEEP_SECONDS);
        }
    }

    public function forget(string $host): void
    {
        $this->cache->forget(self::SNAPSHOT_KEY . $host);
        $this->cache->forget(self::ALIVE_KEY . $host);
    }

    public function of(string $host): ?Snapshot
    {
        $values = $this->cache->get(self::SNAPSHOT_KEY . $host);

        return is_array($values) ? Snapshot::fromArray($values) : null;
    }

    /** @return list<Snapshot> */
    public function all(): array
    {
        return array_map(Snapshot::fromArray(...), array_values($this->snapshots($this->hosts())));
    }

    /** Whether a host's manager is heard of. */
    public function isAlive(string $host): bool
    {
        return $this->cache->has(self::ALIVE_KEY . $host);
    }

    /**
     * What is decided now: each manager's decisions that is heard of, but of those that decided for several hosts only who did so by
     * the highest fencing number. Others have led before, and may be dead although they are still heard of.
     *
     * The decisions are as ScalingDecision::toArray() made them, for those who do not have its class: a web server needs no extension.
     *
     * @return array<string, non-empty-list<array<string, mixed>>> by pool
     */
    public function decisionsThatHold(): array
    {
        $snapshots = $this->snapshots($this->livingHosts());
        $holding = [];

        foreach ($this->highestNumbers($snapshots) as $pool => $highest) {
            foreach ($snapshots as $snapshot) {
                if (isset($snapshot['decisions'][$pool]) && in_array($snapshot['fencing_number'] ?? null, [null, $highest], strict: true)) {
                    $holding[$pool][] = $snapshot['decisions'][$pool];
                }
            }
        }

        return $holding;
    }

    /**
     * By pool, since clusters that have divided the queues each count for themselves.
     *
     * @param array<string, array<string, mixed>> $snapshots
     * @return array<string, ?int> null where nobody decides for several hosts
     */
    private function highestNumbers(array $snapshots): array
    {
        $numbers = [];

        foreach ($snapshots as $snapshot) {
            foreach (array_keys($snapshot['decisions']) as $pool) {
                $numbers[$pool] = max($numbers[$pool] ?? null, $snapshot['fencing_number'] ?? null);
            }
        }

        return $numbers;
    }

    /** @return list<string> */
    private function hosts(): array
    {
        return (array) $this->cache->get(self::HOSTS_KEY, []);
    }

    /** @return list<string> */
    private function livingHosts(): array
    {
        $alive = $this->many(self::ALIVE_KEY, $this->hosts());

        return array_map(strval(...), array_keys(array_filter($alive)));
    }

    /**
     * @param list<string> $hosts
     * @return array<string, array<string, mixed>> as Snapshot::toArray() made them, by host
     */
    private function snapshots(array $hosts): array
    {
        return array_filter($this->many(self::SNAPSHOT_KEY, $hosts), is_array(...));
    }

    /**
     * @param list<string> $hosts
     * @return array<string, mixed> by host
     */
    private function many(string $key, array $hosts): array
    {
        $keys = array_map(static fn(string $host): string => $key . $host, $hosts);
        $found = [];

        foreach ($keys === [] ? [] : $this->cache->getMultiple($keys) as $name => $value) {
            $found[substr((string) $name, strlen($key))] = $value;
        }

        return $found;
    }
}
