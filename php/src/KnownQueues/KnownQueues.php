<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use QueueAutoscale\Configuration;
use Throwable;

/**
 * Every queue that may have jobs, whether QueueMetrics has a row of it or not: it forgets a queue an hour after it last heard of
 * it, whatever waits there, and does not hear of every dispatch. Whoever is known and has no row is asked for by name.
 *
 * @internal
 */
final class KnownQueues
{
    /** Share of a cycle that asking may take; a few are asked for in any case, so that everybody's turn comes. */
    private const MAX_SHARE = 0.2;

    private const ALWAYS_ASKED = 4;

    /** An empty queue without workers that the configuration does not name leaves the decisions after that long. */
    private const SHOW_SECONDS = 600.0;

    /** A connection's default queue that cannot be read is most likely not used. */
    private const RETRY_DEFAULT_SECONDS = 300.0;

    /** Signs of life of queues that are remembered already are written down that often. */
    private const REMEMBER_SECONDS = 3600.0;

    private const WORKER_COUNTS = ['starting', 'idle', 'busy', 'unknown', 'draining', 'backing_off'];

    /** @var array<string, KnownQueue> by key */
    private array $queues = [];

    /** @var array<string, true> keys of those whose sign of life is written down */
    private array $remembered = [];

    private float $rememberedAt = -INF;

    private AskingReport $report;

    public function __construct(
        private readonly Configuration $configuration,
        private readonly ConfiguredQueues $configured,
        private readonly QueueMemory $memory,
        private readonly Depths $depths,
        /** False for a mere look, which leaves the memory as it is. */
        private readonly bool $remembers,
    ) {
        $this->report = new AskingReport();
    }

    /** What the last cycle's asking came to. */
    public function report(): AskingReport
    {
        return $this->report;
    }

    /**
     * Adds rows for queues that are known and have none.
     *
     * @param array<string, array<string, mixed>> $rows of QueueMetrics
     * @param array<array<string, mixed>> $pools with their workers, as of the last cycle
     * @param float $nowSeconds of a clock that never goes back
     * @return array<string, array<string, mixed>> a row with `unreadable` in place of numbers tells why there are none
     */
    public function complete(array $rows, array $pools, float $nowSeconds): array
    {
        $startedAt = hrtime(true);
        $memoryFailure = null;
        $named = $this->configured->named();
        $manned = ConfiguredQueues::ofPools(array_filter($pools, self::hasWorkers(...)));

        try {
            $remembered = $this->memory->names();
        } catch (Throwable $thrown) {
            $remembered = [];
            $memoryFailure = $thrown->getMessage();
        }

        $this->meet($rows, $named + $manned + $remembered + $this->configured->defaults(), $manned, $nowSeconds);
        $withoutRow = array_diff_key($this->queues, $rows);
        $asked = $this->ask($withoutRow, $manned, $nowSeconds);
        $memoryFailure ??= $this->remember($nowSeconds);

        $added = [];

        foreach ($withoutRow as $key => $queue) {
            $isManned = isset($manned[$key]);
            $isWanted = $isManned || isset($named[$key]) || $nowSeconds - $queue->aliveAt() <= self::SHOW_SECONDS;
            $row = self::rowOf($queue, $isWanted, $isManned, isset($asked[$key]));

            if ($row !== null) {
                $added[$key] = $row;
            }
        }

        $seconds = (hrtime(true) - $startedAt) / 1e9;
        $this->report = new AskingReport(count($withoutRow), count($asked), $seconds, $memoryFailure, array_keys($added));

        return $rows + $added;
    }

    /**
     * @param array<string, array<string, mixed>> $rows
     * @param array<string, QueueName> $names
     * @param array<string, QueueName> $manned
     */
    private function meet(array $rows, array $names, array $manned, float $nowSeconds): void
    {
        foreach ($rows as $key => $row) {
            if (is_array($row) && is_string($row['connection'] ?? null) && is_scalar($row['queue'] ?? null)) {
                $this->queue($key, new QueueName($row['connection'], (string) $row['queue']))?->hasRow($row, $nowSeconds);
            }
        }

        foreach ($names as $key => $name) {
            $this->queue($key, $name);
        }

        foreach (array_keys($manned) as $key) {
            ($this->queues[$key] ?? null)?->hasWorkers($nowSeconds);
        }

        // Whoever nobody names any more stays as long as it has jobs: the memory may just be away.
        $this->queues = array_filter(
            $this->queues,
            static fn(KnownQueue $queue, string $key): bool => isset($names[$key])
                || $queue->hasJobs()
                || $nowSeconds - $queue->aliveAt() <= self::SHOW_SECONDS,
            ARRAY_FILTER_USE_BOTH,
        );
    }

    /** Null where nobody is to work the queue. */
    private function queue(string $key, QueueName $name): ?KnownQueue
    {
        if (isset($this->queues[$key])) {
            return $this->queues[$key];
        }

        $pool = $this->configuration->poolOf($name->connection, $name->queue);

        if ($pool === null) {
            return null;
        }

        $queues = substr($pool, strlen($name->connection) + 1);
        $settings = $this->configuration->poolSettings($name->connection, $queues);

        return $this->queues[$key] = new KnownQueue($name, $settings['max_pickup_time_seconds'] / 2);
    }

    /**
     * @param array<string, KnownQueue> $queues
     * @param array<string, QueueName> $manned
     * @return array<string, true> keys of those that were asked for
     */
    private function ask(array $queues, array $manned, float $nowSeconds): array
    {
        $urgent = [];
        $others = [];

        foreach ($queues as $key => $queue) {
            if (isset($manned[$key]) || $queue->hasJobs()) {
                $urgent[] = $queue;
            } elseif ($queue->failure() === null || $queue->wasEverAlive() || $nowSeconds - $queue->askedAt() >= self::RETRY_DEFAULT_SECONDS) {
                $others[] = $queue;
            }
        }

        $cycleSeconds = $this->configuration->intervalSeconds();
        $startedAt = hrtime(true);
        $asked = [];

        foreach (AskingOrder::of($urgent, $others, $nowSeconds, $cycleSeconds) as $queue) {
            if (count($asked) >= self::ALWAYS_ASKED && (hrtime(true) - $startedAt) / 1e9 >= self::MAX_SHARE * $cycleSeconds) {
                break;
            }

            try {
                $queue->answered($this->depths->of($queue->name), $nowSeconds);
            } catch (Throwable $thrown) {
                $queue->failed($thrown->getMessage(), $nowSeconds);
            }

            $asked[$queue->name->key()] = true;
        }

        return $asked;
    }

    /** @return ?array<string, mixed> null where there is nothing to decide */
    private static function rowOf(KnownQueue $queue, bool $isWanted, bool $isManned, bool $wasAsked): ?array
    {
        return match (true) {
            ! $isWanted && ! $queue->hasJobs() => null,
            $queue->failure() !== null => self::unreadable($queue->name, "QueueMetrics could not tell its depth: {$queue->failure()}"),
            // A number of an earlier cycle would say that nothing came and nothing was done meanwhile.
            ! $wasAsked && ($isManned || $queue->hasJobs()) => self::unreadable(
                $queue->name,
                'it has no row in the metrics, and asking for all such queues takes too long to ask for this one in every cycle',
            ),
            default => $queue->lastRow(),
        };
    }

    /** @return array<string, mixed> */
    private static function unreadable(QueueName $name, string $why): array
    {
        return ['connection' => $name->connection, 'queue' => $name->queue, 'unreadable' => $why];
    }

    /** @return ?string why it could not be written */
    private function remember(float $nowSeconds): ?string
    {
        $alive = array_filter($this->queues, static fn(KnownQueue $queue): bool => $queue->aliveAt() === $nowSeconds);
        $isNew = array_diff_key($alive, $this->remembered) !== [];

        if (! $this->remembers || (! $isNew && $nowSeconds - $this->rememberedAt < self::REMEMBER_SECONDS)) {
            return null;
        }

        try {
            if ($this->memory->renew(array_map(static fn(KnownQueue $queue): QueueName => $queue->name, $alive))) {
                $this->remembered = array_map(static fn(): bool => true, $alive);
                $this->rememberedAt = $nowSeconds;
            }

            return null;
        } catch (Throwable $thrown) {
            return $thrown->getMessage();
        }
    }

    /** @param array<string, mixed> $pool */
    private static function hasWorkers(array $pool): bool
    {
        return array_sum(array_intersect_key($pool, array_flip(self::WORKER_COUNTS))) > 0;
    }
}
