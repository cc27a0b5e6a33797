<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use Closure;
use Illuminate\Support\Facades\Cache;
use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterStore;
use QueueAutoscale\Tests\Support\ApplicationFolder;
use QueueAutoscale\Tests\Support\ClusterHistory;
use QueueAutoscale\Tests\Support\ClusterHost;
use QueueAutoscale\Tests\Support\RedisServer;
use QueueAutoscale\Tests\Support\Wait;
use QueueAutoscale\Tests\Support\Wire;

/** Several managers on one Redis, each with its own name, wire and workers: as many hosts. */
abstract class ClusterTestCase extends EndToEndTestCase
{
    protected const LEASE_SECONDS = 4;

    protected const INTERVAL_SECONDS = 1.0;

    /** What a look, a process's start and a busy machine may add to a lease and a turn. */
    protected const MARGIN_SECONDS = 6.0;

    /** All in pairs, one queue each, so that they are on all hosts. */
    protected const WORKERS = 6;

    private const WORKERS_PER_QUEUE = 2;

    protected string $connection = 'redis';

    /** Where the hosts meet. */
    protected string $store = 'redis';

    protected RedisServer $redis;

    protected ClusterHistory $history;

    /** @var array<string, ClusterHost> */
    protected array $hosts = [];

    protected function setUp(): void
    {
        $this->redis = new RedisServer($this->folder = new ApplicationFolder());
        $this->redis->start();
        parent::setUp();
        $this->meetIn($this->store);
    }

    protected function tearDown(): void
    {
        // Skipped before anything was started.
        if (! isset($this->redis)) {
            return;
        }

        foreach ($this->hosts as $host) {
            $host->wire->mend();
            $host->manager->signal(SIGCONT);
        }

        parent::tearDown();

        foreach ($this->hosts as $host) {
            $host->wire->remove();
        }

        $this->redis->stop();
    }

    protected function environment(): array
    {
        return [
            ...parent::environment(),
            'REDIS_HOST' => '127.0.0.1',
            'REDIS_PORT' => (string) $this->redis->port,
            // A wire that is cut is noticed before the lease is over.
            'REDIS_READ_TIMEOUT' => '1',
            'CACHE_STORE' => 'redis',
        ];
    }

    final protected function meetIn(string $store): void
    {
        $this->store = $store;
        $this->history = new ClusterHistory(
            ClusterStore::of(Cache::store($store), $store, ClusterFactory::application(config())),
            $this->folder,
        );
    }

    /** @param int $clockSeconds by how much the host's clock is ahead */
    final protected function startHost(string $name, int $clockSeconds = 0): ClusterHost
    {
        $wire = new Wire($this->redis->port);
        $manager = $this->startManager(
            [
                'queues' => array_fill_keys(
                    array_map(static fn(int $queue): string => "steady-{$queue}", range(1, intdiv(static::WORKERS, self::WORKERS_PER_QUEUE))),
                    ['min_workers' => self::WORKERS_PER_QUEUE, 'max_workers' => self::WORKERS_PER_QUEUE],
                ),
                'workers' => ['sleep' => 1],
                'cluster' => ['enabled' => true, 'host' => $name, 'store' => $this->store, 'lease_seconds' => self::LEASE_SECONDS],
                'manager' => ['lock' => "{$this->folder->path}/{$name}.lock"],
            ],
            ['--interval=' . self::INTERVAL_SECONDS, '--json'],
            [
                ...$this->environment(),
                'REDIS_PORT' => (string) $wire->port,
                'CLOCK_SECONDS' => (string) $clockSeconds,
                ClusterHost::VARIABLE => $name,
            ],
        );

        return $this->hosts[$name] = new ClusterHost($name, $manager, $wire);
    }

    /** Waits, and looks meanwhile at what happens. */
    final protected function watchUntil(Closure $condition, string $what, float $withinSeconds = self::PATIENCE_SECONDS): void
    {
        Wait::until(
            function () use ($condition): bool {
                $this->history->look();

                return $condition();
            },
            $withinSeconds,
            fn(): string => "{$what}\n" . json_encode($this->history->workers()) . "\n" . implode("\n", array_map(
                static fn(ClusterHost $host): string => "== {$host->name}\n{$host->manager->output()}",
                $this->hosts,
            )),
        );
    }

    final protected function watchFor(float $seconds): void
    {
        $end = self::now() + $seconds;
        $this->watchUntil(static fn(): bool => self::now() >= $end, 'time to pass', $seconds + self::PATIENCE_SECONDS);
    }

    /** Waits until for two turns all workers have run, on these hosts alone, and on more than one of them where there is more than one. */
    final protected function watchUntilSettled(string ...$hosts): void
    {
        $isSettled = static fn(array $workers): bool => array_sum($workers) === static::WORKERS
            && array_diff(array_keys($workers), $hosts) === []
            && count($workers) >= min(2, count($hosts));
        $this->watchUntil(
            fn(): bool => $this->history->hasBeen($isSettled, 2 * self::INTERVAL_SECONDS),
            'all workers to run on ' . implode(', ', $hosts),
        );
    }

    final protected function leader(): ClusterHost
    {
        $this->watchUntil(fn(): bool => isset($this->hosts[$this->history->leader() ?? '']), 'somebody to lead');

        return $this->hosts[$this->history->leader()];
    }

    final protected function follower(): ClusterHost
    {
        $leader = $this->leader()->name;

        return array_values(array_filter($this->hosts, static fn(ClusterHost $host): bool => $host->name !== $leader))[0];
    }

    final protected function assertOneLeaderAnEpoch(): void
    {
        foreach ($this->history->leaders() as $number => $leaders) {
            self::assertCount(1, $leaders, "fencing number {$number}: " . implode(', ', $leaders));
        }
    }

    /** What each host was told to run, in the order of time, for the message of a test that fails. */
    final protected function told(float $sinceSeconds): string
    {
        $lines = [];

        foreach ($this->hosts as $host) {
            foreach ($host->events() as $event) {
                if (in_array($event['event'], ['share', 'place'], strict: true)) {
                    $lines[] = "{$event['at']} {$host->name} " . json_encode(array_diff_key($event, ['at' => 0]));
                }
            }
        }

        sort($lines);

        return implode("\n", $lines) . "\n" . $this->history->course($sinceSeconds);
    }

    final protected static function now(): float
    {
        return hrtime(true) / 1e9;
    }
}
