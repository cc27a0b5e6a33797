<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use App\Jobs\SleepJob;
use Closure;
use Illuminate\Cache\ArrayStore;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Queue;
use PHPUnit\Framework\Attributes\DataProvider;
use QueueAutoscale\Laravel\KnownQueues\QueueMemory;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use RuntimeException;

final class DispatchListenerTest extends FeatureTestCase
{
    /** @return iterable<string, array{Closure(): mixed}> each to the queue "reports" of a connection that it is given */
    public static function waysOfDispatching(): iterable
    {
        $job = static fn(): SleepJob => new SleepJob(0);

        yield 'dispatch' => [static fn(string $to) => dispatch($job()->onConnection($to)->onQueue('reports'))];
        yield 'later' => [static fn(string $to) => Queue::connection($to)->later(3600, $job(), '', 'reports')];
        yield 'push' => [static fn(string $to) => Queue::connection($to)->push($job(), '', 'reports')];
        yield 'pushOn' => [static fn(string $to) => Queue::connection($to)->pushOn('reports', $job())];
        yield 'laterOn' => [static fn(string $to) => Queue::connection($to)->laterOn('reports', 3600, $job())];
        yield 'bulk' => [static fn(string $to) => Queue::connection($to)->bulk([$job(), $job()], '', 'reports')];
        yield 'batch' => [static fn(string $to) => Bus::batch([new BatchedJob()])->onConnection($to)->onQueue('reports')->dispatch()];
        yield 'chain' => [static fn(string $to) => Bus::chain([$job()])->onConnection($to)->onQueue('reports')->dispatch()];
        yield 'a class by its name' => [static fn(string $to) => Queue::connection($to)->push(SleepJob::class, [], 'reports')];
        yield 'a closure' => [static fn(string $to) => dispatch(static fn(): null => null)->onConnection($to)->onQueue('reports')];
    }

    /** @param Closure(string): mixed $dispatch */
    #[DataProvider('waysOfDispatching')]
    public function test_every_way_of_dispatching_is_heard_on_the_database(Closure $dispatch): void
    {
        $dispatch('database');

        self::assertSame(['database:reports'], $this->remembered());
    }

    /** @param Closure(string): mixed $dispatch */
    #[DataProvider('waysOfDispatching')]
    public function test_every_way_of_dispatching_is_heard_on_redis(Closure $dispatch): void
    {
        config()->set('database.redis.options.prefix', basename($this->folder->path) . ':');
        $dispatch('redis');

        self::assertSame(['redis:reports'], $this->remembered());
    }

    public function test_a_job_without_a_queue_is_in_its_connections_own(): void
    {
        config()->set('queue.connections.database.queue', 'ours');
        dispatch((new SleepJob(0))->onConnection('database'));

        self::assertSame(['database:ours'], $this->remembered());
    }

    public function test_a_job_that_waits_in_no_queue_is_not_remembered(): void
    {
        dispatch((new SleepJob(0))->onConnection('sync')->onQueue('reports'));

        self::assertSame([], $this->remembered());
    }

    public function test_the_cache_is_asked_once_for_a_name(): void
    {
        $cache = $this->watchedCache();

        for ($job = 0; $job < 100; $job++) {
            (new SleepJob(0))->enqueue('reports');
        }

        self::assertSame(1, $cache->readings);
    }

    public function test_a_cache_that_is_away_fails_no_dispatch_and_is_then_left_alone(): void
    {
        $cache = $this->watchedCache(static fn() => throw new RuntimeException('The cache is away.'));

        for ($job = 0; $job < 100; $job++) {
            (new SleepJob(0))->enqueue("reports-{$job}");
        }

        self::assertSame(100, DB::table('jobs')->count());
        self::assertSame(1, $cache->readings);
    }

    public function test_a_slow_cache_delays_one_dispatch_only(): void
    {
        $cache = $this->watchedCache(static fn() => usleep(150_000));

        for ($job = 0; $job < 100; $job++) {
            (new SleepJob(0))->enqueue("reports-{$job}");
        }

        self::assertLessThanOrEqual(2, $cache->readings);
    }

    public function test_within_a_transaction_the_cache_is_not_touched_and_the_name_is_noted_after_it(): void
    {
        $cache = $this->watchedCache();
        DB::transaction(static function () use ($cache): void {
            (new SleepJob(0))->enqueue('reports');
            self::assertSame(0, $cache->readings);
        });

        self::assertSame(['database:reports'], $this->remembered());
    }

    /** @return list<string> */
    private function remembered(): array
    {
        return array_keys((new QueueMemory($this->app->make(Cache::class)))->names());
    }

    private function watchedCache(?Closure $beforeReading = null): WatchedCache
    {
        $cache = new WatchedCache(new ArrayStore());
        $cache->beforeReading = $beforeReading ?? static fn() => null;
        $this->app->instance(Cache::class, $cache);

        return $cache;
    }
}
