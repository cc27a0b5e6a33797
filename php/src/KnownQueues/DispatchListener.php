<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Queue\Events\JobRetryRequested;
use Illuminate\Queue\Queue;
use Throwable;

/**
 * Remembers the names of the queues that this process dispatches to: names only, no numbers.
 *
 * It hangs on the making of a job's payload, which every way of dispatching passes, `Queue::bulk` on the database included,
 * which raises no event. A dispatch costs a look into an array; once in five minutes for each name the cache is asked, in web
 * processes after the response was sent. Nothing that goes wrong here reaches whoever dispatches.
 *
 * @internal
 */
final class DispatchListener
{
    private const AGAIN_NANOSECONDS = 300_000_000_000;

    /** A name that could not be noted yet is tried again with the first dispatch after that. */
    private const RETRY_NANOSECONDS = 1_000_000_000;

    /** A cache that takes longer, or fails, is left alone for a minute. */
    private const SLOW_NANOSECONDS = 100_000_000;

    private const CACHE_PAUSE_NANOSECONDS = 60_000_000_000;

    /** Their jobs are in no queue of which a worker could be started. */
    private const DRIVERS_WITHOUT_QUEUE = ['sync', 'deferred', 'background', 'failover', 'null', null];

    /** What Laravel's Redis driver writes before a queue's name. */
    private const REDIS_PREFIX = 'queues:';

    private static ?self $current = null;

    /** @var array<string, array<string, int>> until when nothing is to be done, by connection and queue as the hook names them */
    private array $quietUntil = [];

    private int $cacheQuietUntil = 0;

    /** @var array<string, array<string, QueueName>> names to be noted, likewise */
    private array $waiting = [];

    private bool $isNoting = false;

    private function __construct(private readonly Application $app)
    {
    }

    public static function register(Application $app): void
    {
        // Laravel keeps hooks for as long as the process lives; those of an application that was replaced stay silent.
        $listener = self::$current = new self($app);
        Queue::createPayloadUsing(
            static fn(?string $connection, mixed $queue): array => $listener === self::$current
                ? $listener->dispatched($connection, $queue)
                : [],
        );
        $app->terminating(static fn() => $listener->note());

        if ($app->runningInConsole()) {
            // queue:retry pushes the payload that it has.
            $app->make(Dispatcher::class)->listen(JobRetryRequested::class, static function (JobRetryRequested $event) use ($listener): void {
                $listener->dispatched($event->job->connection ?? null, $event->job->queue ?? null);
            });
        }
    }

    /** @return array{} nothing that a payload needs */
    private function dispatched(?string $connection, mixed $queue): array
    {
        if ($connection === null || ! is_string($queue)) {
            return [];
        }

        $now = hrtime(true);

        if (($this->quietUntil[$connection][$queue] ?? 0) > $now) {
            return [];
        }

        $this->quietUntil[$connection][$queue] = $now + self::RETRY_NANOSECONDS;

        try {
            $this->remember($connection, $queue);
        } catch (Throwable) {
            // A dispatch must not notice.
        }

        return [];
    }

    private function remember(string $connection, string $queue): void
    {
        $name = $this->nameOf($connection, $queue);

        if ($name === null) {
            $this->quietUntil[$connection][$queue] = hrtime(true) + self::AGAIN_NANOSECONDS;

            return;
        }

        $this->waiting[$connection][$queue] = $name;

        if (! $this->app->runningInConsole()) {
            return;
        }

        // Within a transaction, a cache in the same database would be rolled back with it, or could make it fail.
        if ($this->isInTransaction()) {
            $this->app->make('db.transactions')->addCallback($this->note(...));
        } else {
            $this->note();
        }
    }

    private function nameOf(string $connection, string $queue): ?QueueName
    {
        $driver = $this->app->make('config')->get("queue.connections.{$connection}.driver");

        if (in_array($driver, self::DRIVERS_WITHOUT_QUEUE, strict: true)) {
            return null;
        }

        if ($driver === 'redis' && str_starts_with($queue, self::REDIS_PREFIX)) {
            $queue = substr($queue, strlen(self::REDIS_PREFIX));
        }

        return $queue === '' ? null : new QueueName($connection, $queue);
    }

    private function isInTransaction(): bool
    {
        return $this->app->resolved('db.transactions') && $this->app->make('db.transactions')->getPendingTransactions()->isNotEmpty();
    }

    private function note(): void
    {
        if ($this->waiting === [] || $this->isNoting || $this->cacheQuietUntil > hrtime(true)) {
            return;
        }

        $names = [];

        foreach ($this->waiting as $ofConnection) {
            foreach ($ofConnection as $name) {
                $names[$name->key()] = $name;
            }
        }

        $startedAt = hrtime(true);
        $this->isNoting = true;

        try {
            $this->noted((new QueueMemory($this->app->make(Cache::class)))->note($names));
            $isSlow = hrtime(true) - $startedAt > self::SLOW_NANOSECONDS;
        } catch (Throwable) {
            $isSlow = true;
        } finally {
            $this->isNoting = false;
        }

        if ($isSlow) {
            $this->cacheQuietUntil = hrtime(true) + self::CACHE_PAUSE_NANOSECONDS;
        }
    }

    private function noted(bool $isNoted): void
    {
        if (! $isNoted) {
            return;
        }

        $quietUntil = hrtime(true) + self::AGAIN_NANOSECONDS;

        foreach ($this->waiting as $connection => $queues) {
            foreach (array_keys($queues) as $queue) {
                $this->quietUntil[$connection][$queue] = $quietUntil;
            }
        }

        $this->waiting = [];
    }
}
