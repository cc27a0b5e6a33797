<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use App\Jobs\SleepJob;
use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Closure;
use Illuminate\Contracts\Cache\Repository as Cache;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\KnownQueues\KnownQueues;
use QueueAutoscale\Laravel\KnownQueues\KnownQueuesFactory;
use QueueAutoscale\Laravel\KnownQueues\QueueMemory;
use QueueAutoscale\Laravel\KnownQueues\QueueName;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\MetricsRow;
use RuntimeException;

/** The configuration's SLA is 10 s, and 20 s for emails, in cycles of 2 s. */
final class KnownQueuesTest extends FeatureTestCase
{
    public function test_a_queue_whose_row_is_gone_is_asked_for_in_each_cycle_as_long_as_it_has_jobs(): void
    {
        $queues = $this->knownQueues();
        $queues->complete(MetricsRow::of('late', pending: 3, connection: 'database'), [], 0.0);
        (new SleepJob(0))->enqueue('late');

        foreach ([2.0, 4.0, 6.0] as $now) {
            $row = $queues->complete([], [], $now)['database:late'];
            self::assertSame([1, 0, 0], [$row['depth']['pending'], $row['depth']['scheduled'], $row['depth']['reserved']]);
            self::assertSame(['database', 'late', 0.0], [$row['connection'], $row['queue'], $row['performance_60s']['throughput_per_minute']]);
        }
    }

    public function test_a_queue_that_no_other_source_names_is_known_from_its_dispatch(): void
    {
        (new SleepJob(0))->enqueue('emails:high');

        self::assertSame(1, $this->knownQueues()->complete([], [], 0.0)['database:emails:high']['depth']['pending']);
    }

    public function test_a_connections_default_queue_is_known_once_it_has_jobs(): void
    {
        config()->set('queue-autoscale.queues', []);
        self::assertArrayNotHasKey('database:default', $this->knownQueues()->complete([], [], 0.0));

        dispatch((new SleepJob(0))->onConnection('database'));
        $this->app->make(Cache::class)->clear();

        self::assertSame(1, $this->knownQueues()->complete([], [], 0.0)['database:default']['depth']['pending']);
    }

    public function test_a_connection_that_nobody_uses_is_neither_decided_on_nor_complained_of(): void
    {
        config()->set('queue-autoscale.queues', []);
        config()->set('queue.connections.unused', ['driver' => 'redis', 'queue' => 'default']);
        $this->depthsAre(static fn() => throw new RuntimeException('no such server'));

        self::assertSame([], $this->knownQueues()->complete([], [], 0.0));
    }

    public function test_a_queue_that_cannot_be_asked_for_says_why_in_place_of_numbers(): void
    {
        $this->depthsAre(static fn() => throw new RuntimeException('no such server'));

        self::assertSame(
            ['connection' => 'database', 'queue' => 'emails', 'unreadable' => 'QueueMetrics could not tell its depth: no such server'],
            $this->knownQueues()->complete([], [], 0.0)['database:emails'],
        );
    }

    public function test_excluded_queues_are_not_asked_for(): void
    {
        $this->configure(['excluded' => ['database:secret']]);
        $asked = $this->depthsAre(static fn(): int => 1);
        (new SleepJob(0))->enqueue('secret');

        self::assertArrayNotHasKey('database:secret', $this->knownQueues()->complete([], [], 0.0));
        self::assertNotContains('database:secret', $asked->keys);
    }

    public function test_an_empty_queue_leaves_the_decisions_but_is_still_asked_for(): void
    {
        $depth = 1;
        $this->depthsAre(static function () use (&$depth): int {
            return $depth;
        });
        (new SleepJob(0))->enqueue('seldom');
        $queues = $this->knownQueues();
        self::assertArrayHasKey('database:seldom', $queues->complete([], [], 0.0));
        $depth = 0;
        self::assertSame(0, $queues->complete([], [], 2.0)['database:seldom']['depth']['total']);

        for ($now = 4.0; $now <= 700.0; $now += 2.0) {
            $rows = $queues->complete([], [], $now);
        }

        self::assertArrayNotHasKey('database:seldom', $rows);
        $depth = 7;
        self::assertContains(7, array_map(
            static fn(float $now): int => $queues->complete([], [], $now)['database:seldom']['depth']['pending'] ?? 0,
            [702.0, 704.0, 706.0],
        ));
    }

    public function test_every_queue_is_asked_for_within_half_of_its_sla_and_evenly(): void
    {
        $asked = $this->depthsAre(static fn(): int => 0);
        $names = array_map(static fn(int $number): QueueName => new QueueName('database', "tenant-{$number}"), range(1, 100));
        (new QueueMemory($this->app->make(Cache::class)))->renew($names);
        $queues = $this->knownQueues();
        $last = [];

        for ($cycle = 0; $cycle < 30; $cycle++) {
            $now = 2.0 * $cycle;
            $asked->keys = [];
            $queues->complete([], [], $now);
            // The first cycle asks for all, later ones for half: two cycles fit into the five seconds.
            self::assertLessThanOrEqual($cycle === 0 ? 110 : 55, count($asked->keys));

            foreach (array_unique($asked->keys) as $key) {
                str_contains($key, 'tenant-') && self::assertLessThanOrEqual(5.0, $now - ($last[$key] ?? $now));
                $last[$key] = $now;
            }
        }

        foreach ($names as $name) {
            self::assertGreaterThanOrEqual(53.0, $last[$name->key()]);
        }
    }

    public function test_where_asking_takes_long_those_with_workers_and_jobs_go_first_and_none_is_left_out(): void
    {
        $this->configure(['manager' => ['interval_seconds' => 0.5]]);
        $asked = $this->depthsAre(static function (string $key): int {
            usleep(30_000);

            return $key === 'database:busy' ? 3 : 0;
        });
        $names = array_map(static fn(int $number): QueueName => new QueueName('database', "tenant-{$number}"), range(1, 12));
        (new QueueMemory($this->app->make(Cache::class)))->renew([...$names, new QueueName('database', 'busy'), new QueueName('database', 'manned')]);
        $queues = $this->knownQueues();
        $pools = [['connection' => 'database', 'queues' => 'manned,beside', 'idle' => 1, 'busy' => 0]];
        $times = [];

        for ($cycle = 0; $cycle < 16; $cycle++) {
            $asked->keys = [];
            $queues->complete([], $pools, 0.5 * $cycle);
            self::assertCount(4, $asked->keys, 'a fifth of a cycle of half a second');

            foreach ($asked->keys as $key) {
                $times[$key] = ($times[$key] ?? 0) + 1;
            }
        }

        foreach ($names as $name) {
            self::assertGreaterThanOrEqual(1, $times[$name->key()] ?? 0);
            self::assertGreaterThan($times[$name->key()], $times['database:busy']);
            self::assertGreaterThan($times[$name->key()], $times['database:manned']);
        }
    }

    public function test_jobs_that_were_not_asked_about_are_no_number_but_unknown(): void
    {
        $this->configure(['manager' => ['interval_seconds' => 0.5]]);
        $this->depthsAre(static function (): int {
            usleep(30_000);

            return 5;
        });
        $names = array_map(static fn(int $number): QueueName => new QueueName('database', "tenant-{$number}"), range(1, 12));
        (new QueueMemory($this->app->make(Cache::class)))->renew($names);
        $queues = $this->knownQueues();

        for ($cycle = 0; $cycle < 6; $cycle++) {
            $rows = $queues->complete([], [], 0.5 * $cycle);
        }

        $tenants = array_filter($rows, static fn(string $key): bool => str_contains($key, 'tenant-'), ARRAY_FILTER_USE_KEY);
        $asked = array_filter($tenants, static fn(array $row): bool => ($row['depth']['pending'] ?? 0) === 5);
        self::assertLessThanOrEqual(4, count($asked));
        self::assertCount(12 - count($asked), array_filter($tenants, static fn(array $row): bool => isset($row['unreadable'])));
    }

    public function test_a_cache_that_is_away_is_told_and_what_is_known_stays_known(): void
    {
        (new SleepJob(0))->enqueue('late');
        $cache = $this->brokenLater();
        $queues = $this->knownQueues();
        $queues->complete([], [], 0.0);
        $cache->isBroken = true;

        self::assertSame(1, $queues->complete([], [], 2.0)['database:late']['depth']['pending']);
        self::assertSame('away', $queues->report()->memoryFailure);
    }

    public function test_a_mere_look_leaves_the_memory_as_it_is(): void
    {
        $rows = MetricsRow::of('reports', pending: 1, connection: 'database');
        $memory = new QueueMemory($this->app->make(Cache::class));
        $this->knownQueues(remembers: false)->complete($rows, [], 0.0);
        self::assertSame([], $memory->names());

        $this->knownQueues()->complete($rows, [], 0.0);
        self::assertSame(['database:reports'], array_keys($memory->names()));
    }

    private function knownQueues(bool $remembers = true): KnownQueues
    {
        $configuration = $this->app->make(ConfigurationFactory::class)->make();

        return $this->app->make(KnownQueuesFactory::class)->make($configuration, $remembers);
    }

    /** @param Closure(string): int $depth pending jobs of a queue, by its key */
    private function depthsAre(Closure $depth): WatchedInspector
    {
        $inspector = new WatchedInspector($depth);
        // Whatever was made with another one is made anew.
        array_map($this->app->forgetInstance(...), preg_grep('/^Cbox\\\\/', array_keys($this->app->getBindings())));
        $this->app->instance(QueueInspector::class, $inspector);

        return $inspector;
    }

    private function brokenLater(): BreakableCache
    {
        $cache = new BreakableCache($this->app->make(Cache::class)->getStore());
        $this->app->instance(Cache::class, $cache);

        return $cache;
    }
}
