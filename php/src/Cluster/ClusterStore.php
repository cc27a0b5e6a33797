<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use Closure;
use Illuminate\Contracts\Cache\Lock;
use Illuminate\Contracts\Cache\LockProvider;
use Illuminate\Contracts\Cache\LockTimeoutException;
use Illuminate\Contracts\Cache\Repository as Cache;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use RuntimeException;
use Throwable;

/**
 * Where the hosts meet: a cache store that all of them reach. Every key expires, long after anybody could still want it; how
 * old something is, its readers measure by themselves, since stores may count by the clocks of the hosts that write.
 *
 * @internal
 */
final class ClusterStore
{
    /** Another one for each format, so that releases of differing formats never read one another. */
    private const PREFIX = 'queue-autoscale:cluster:2:';

    /** Far beyond what leaders reach, and well within what all stores count. A number above it is nobody's. */
    public const MAX_FENCING_NUMBER = 2 ** 52;

    /** More than clocks differ, less than a day of nothing. */
    private const KEEP_SECONDS = 7_200;

    /** The fencing number may not be forgotten while somebody leads by it. */
    private const KEEP_FENCE_SECONDS = 30 * 86_400;

    private const INDEX_LOCK_SECONDS = 10;

    private const INDEX_WAIT_SECONDS = 1;

    private readonly string $leadKey;

    private readonly string $fenceKey;

    private readonly string $hostsKey;

    private readonly string $watchKey;

    private function __construct(
        private readonly Cache $cache,
        private readonly LockProvider $locks,
        private readonly string $application,
    ) {
        $this->leadKey = $this->key('lead');
        $this->fenceKey = $this->key('fence');
        $this->hostsKey = $this->key('hosts');
        $this->watchKey = $this->key('watch');
    }

    /**
     * @param string $application whatever tells this application from others that share the store
     *
     * @throws CannotStart where the store has no locks
     */
    public static function of(Cache $cache, string $name, string $application): self
    {
        $store = $cache->getStore();

        return $store instanceof LockProvider ? new self($cache, $store, $application) : throw CannotStart::because(
            "queue-autoscale.cluster.store: the store \"{$name}\" has no atomic locks; use Redis, Memcached, DynamoDB or a database.",
        );
    }

    /**
     * All that a host needs to know in each of its looks.
     *
     * @return array{lead: ?Lead, fence: int, hosts: list<string>, share: ?Share}
     *
     * @throws StoreUnavailable
     */
    public function look(string $host): array
    {
        $share = $this->key('share', $host);
        $found = $this->guarded(fn(): array => $this->many([$this->leadKey, $this->fenceKey, $this->hostsKey, $share]));

        return [
            'lead' => Lead::fromArray($found[$this->leadKey]),
            'fence' => self::fencingNumber($found[$this->fenceKey]) ?? 0,
            'hosts' => self::names($found[$this->hostsKey]),
            'share' => Share::fromArray($found[$share]),
        ];
    }

    /** @throws StoreUnavailable */
    public function putReport(string $host, Report $report): void
    {
        $this->guarded(fn() => $this->cache->put($this->key('report', $host), $report->toArray(), self::KEEP_SECONDS));
    }

    /**
     * @param list<string> $hosts
     * @return array<string, ?Report> by host
     *
     * @throws StoreUnavailable
     */
    public function reports(array $hosts): array
    {
        $keys = array_map(fn(string $host): string => $this->key('report', $host), $hosts);
        $found = $keys === [] ? [] : $this->guarded(fn(): array => $this->many($keys));

        return array_combine($hosts, array_map(static fn(string $key): ?Report => Report::fromArray($found[$key] ?? null), $keys));
    }

    /**
     * @param list<string> $hosts
     * @return array<string, ?Share> by host
     *
     * @throws StoreUnavailable
     */
    public function shares(array $hosts): array
    {
        $keys = array_map(fn(string $host): string => $this->key('share', $host), $hosts);
        $found = $keys === [] ? [] : $this->guarded(fn(): array => $this->many($keys));

        return array_combine($hosts, array_map(static fn(string $key): ?Share => Share::fromArray($found[$key] ?? null), $keys));
    }

    /**
     * @param array<string, Share> $shares by host
     *
     * @throws StoreUnavailable
     */
    public function putShares(array $shares): void
    {
        $values = [];

        foreach ($shares as $host => $share) {
            $values[$this->key('share', (string) $host)] = $share->toArray();
        }

        $this->guarded(fn() => $this->cache->putMany($values, self::KEEP_SECONDS));
    }

    /** @throws StoreUnavailable */
    public function putLead(Lead $lead): void
    {
        $this->guarded(fn() => $this->cache->put($this->leadKey, $lead->toArray(), self::KEEP_SECONDS));
    }

    /** @throws StoreUnavailable */
    public function forgetShare(string $host): void
    {
        $this->guarded(fn() => $this->cache->forget($this->key('share', $host)));
    }

    /**
     * Tells the others at once that nobody leads.
     *
     * @throws StoreUnavailable
     */
    public function forgetLead(): void
    {
        $this->guarded(fn() => $this->cache->forget($this->leadKey));
    }

    /**
     * What whoever leads knows of the hosts: for how long each one has said nothing new, in seconds.
     *
     * @param array<string, float> $watch by host
     *
     * @throws StoreUnavailable
     */
    public function putWatch(array $watch): void
    {
        $this->guarded(fn() => $this->cache->put($this->watchKey, $watch, self::KEEP_SECONDS));
    }

    /**
     * @return array<string, float> by host
     *
     * @throws StoreUnavailable
     */
    public function watch(): array
    {
        $found = $this->guarded(fn(): mixed => $this->cache->get($this->watchKey, []));

        return array_map(floatval(...), array_filter(is_array($found) ? $found : [], is_numeric(...)));
    }

    /**
     * Adds hosts to the list of all and takes others from it. The list is one value, so that nobody has to search for keys,
     * which only some stores can. A host that was lost by two writers at once finds itself missing and joins again.
     *
     * @param list<string> $join
     * @param list<string> $leave
     *
     * @throws StoreUnavailable
     */
    public function updateHosts(array $join, array $leave = []): void
    {
        $this->guarded(function () use ($join, $leave): void {
            try {
                $this->locks->lock($this->key('hosts-lock'), self::INDEX_LOCK_SECONDS)->block(
                    self::INDEX_WAIT_SECONDS,
                    function () use ($join, $leave): void {
                        $hosts = self::names($this->cache->get($this->hostsKey));
                        $hosts = array_values(array_unique([...array_diff($hosts, $leave), ...$join]));
                        sort($hosts, SORT_STRING);
                        $this->cache->put($this->hostsKey, $hosts, self::KEEP_SECONDS);
                    },
                );
            } catch (LockTimeoutException) {
                // Many join at once; this host does in its next look.
            }
        });
    }

    public function leaderLock(string $owner, int $seconds): Lock
    {
        return $this->locks->lock($this->key('leader'), $seconds, $owner);
    }

    /**
     * A number that nobody got before, above $floor.
     *
     * @throws StoreUnavailable
     */
    public function nextFencingNumber(int $floor): int
    {
        return $this->guarded(function () use ($floor): int {
            $this->cache->add($this->fenceKey, 0, self::KEEP_FENCE_SECONDS);
            $current = self::fencingNumber($this->cache->get($this->fenceKey, 0));

            // Not a number that anybody counted up to: whatever wrote it must not end all leading.
            if ($current === null) {
                $this->cache->put($this->fenceKey, $current = 0, self::KEEP_FENCE_SECONDS);
            }

            // One step, so that of two hosts at once each gets a number of its own.
            $number = $this->cache->increment($this->fenceKey, max(1, $floor - $current + 1));

            return is_int($number) ? $number : throw new RuntimeException('the store did not count');
        });
    }

    /**
     * @template T
     * @param Closure(): T $act
     * @return T
     *
     * @throws StoreUnavailable
     */
    public function guarded(Closure $act): mixed
    {
        try {
            return $act();
        } catch (Throwable $thrown) {
            throw StoreUnavailable::because($thrown);
        }
    }

    /**
     * @param list<string> $keys
     * @return array<string, mixed>
     */
    private function many(array $keys): array
    {
        $found = $this->cache->many($keys);

        return is_array($found) ? $found : iterator_to_array($found);
    }

    /** A host's name may have characters, or a length, that not all stores take. */
    private function key(string $what, ?string $host = null): string
    {
        return self::PREFIX . hash('xxh64', $this->application) . ":{$what}" . ($host === null ? '' : ':' . hash('xxh128', $host));
    }

    /** @return ?int null where it is none; stores may give numbers back as text */
    private static function fencingNumber(mixed $found): ?int
    {
        $number = filter_var($found ?? 0, FILTER_VALIDATE_INT);

        return $number !== false && $number >= 0 && $number <= self::MAX_FENCING_NUMBER ? $number : null;
    }

    /** @return list<string> */
    private static function names(mixed $found): array
    {
        return array_values(array_map(strval(...), array_filter(is_array($found) ? $found : [], is_scalar(...))));
    }
}
