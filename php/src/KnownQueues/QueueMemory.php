<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use Illuminate\Contracts\Cache\LockProvider;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Support\Carbon;

/**
 * The names of queues that jobs were dispatched to, in the application's cache. QueueMetrics forgets a queue an hour after it
 * last heard of it, and some it never hears of. Only names are kept, each until 30 days after its last sign of life.
 *
 * @internal
 */
final class QueueMemory
{
    private const NAMES_KEY = 'queue-autoscale:queues';

    /** Beside the names, so that a process need not read all of them to see that its own is among them. */
    private const NOTED_KEY = 'queue-autoscale:queue-noted:';

    private const KEEP_SECONDS = 30 * 86_400;

    /** A sign of life is worth writing down if the last one is older. */
    private const RENEW_SECONDS = 86_400;

    /** Names that were lost, as by `cache:clear`, are written anew after that long at most. */
    private const NOTED_SECONDS = 600;

    private const LOCK_SECONDS = 2;

    private const LOCK_TRIES = 10;

    private const LOCK_PAUSE_MICROSECONDS = 2_000;

    public function __construct(private readonly Cache $cache)
    {
    }

    /** @return array<string, QueueName> by key */
    public function names(): array
    {
        $names = [];

        foreach ($this->entries() as [$connection, $queue]) {
            $name = new QueueName($connection, $queue);
            $names[$name->key()] = $name;
        }

        return $names;
    }

    /**
     * Notes names of a process that dispatches, unless some process did a short time ago.
     *
     * @param array<string, QueueName> $names by key
     * @return bool whether they are noted; false where others keep the lock for too long
     */
    public function note(array $names): bool
    {
        $marks = [];

        foreach ($names as $key => $name) {
            // Not every store takes every character in a key, nor any length.
            $marks[self::NOTED_KEY . hash('xxh128', $key)] = $name;
        }

        $noted = $this->cache->getMultiple(array_keys($marks));
        $new = array_filter($marks, static fn(QueueName $name, string $mark): bool => ! isset($noted[$mark]), ARRAY_FILTER_USE_BOTH);

        if ($new === []) {
            return true;
        }

        if (! $this->renew($new)) {
            return false;
        }

        foreach (array_keys($new) as $mark) {
            $this->cache->put($mark, true, self::NOTED_SECONDS);
        }

        return true;
    }

    /**
     * Writes down a sign of life of each of these queues, if the last one is not recent.
     *
     * @param array<QueueName> $alive
     * @return bool false where others keep the lock for too long
     */
    public function renew(array $alive): bool
    {
        return self::withSigns($this->entries(), $alive) === null || $this->locked(function () use ($alive): void {
            $entries = self::withSigns($this->entries(), $alive);

            if ($entries !== null) {
                $this->cache->put(self::NAMES_KEY, $entries, self::KEEP_SECONDS);
            }
        });
    }

    /**
     * @param array<string, array{string, string, int}> $entries
     * @param array<QueueName> $alive
     * @return ?array<string, array{string, string, int}> null where nothing is to be written
     */
    private static function withSigns(array $entries, array $alive): ?array
    {
        $now = Carbon::now()->getTimestamp();
        $changed = false;

        foreach ($alive as $name) {
            if (($entries[$name->key()][2] ?? 0) < $now - self::RENEW_SECONDS) {
                $entries[$name->key()] = [$name->connection, $name->queue, $now];
                $changed = true;
            }
        }

        return $changed ? $entries : null;
    }

    /** @return array<string, array{string, string, int}> connection, queue and last sign of life, by key */
    private function entries(): array
    {
        $entries = $this->cache->get(self::NAMES_KEY);
        $oldest = Carbon::now()->getTimestamp() - self::KEEP_SECONDS;

        return array_filter(
            is_array($entries) ? $entries : [],
            static fn(mixed $entry): bool => is_array($entry)
                && is_string($entry[0] ?? null)
                && is_string($entry[1] ?? null)
                && is_int($entry[2] ?? null)
                && $entry[2] > $oldest,
        );
    }

    /** Two processes that read and write at once would lose each other's names. Waits for 20 ms at most. */
    private function locked(callable $write): bool
    {
        $store = $this->cache->getStore();

        if (! $store instanceof LockProvider) {
            $write();

            return true;
        }

        $lock = $store->lock(self::NAMES_KEY . ':lock', self::LOCK_SECONDS);

        for ($try = 0; $try < self::LOCK_TRIES; $try++) {
            if ($lock->get()) {
                try {
                    $write();
                } finally {
                    $lock->release();
                }

                return true;
            }

            usleep(self::LOCK_PAUSE_MICROSECONDS);
        }

        return false;
    }
}
