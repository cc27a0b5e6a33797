<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Services;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Illuminate\Contracts\Queue\Factory as Queues;
use Illuminate\Contracts\Queue\Queue;
use Illuminate\Database\Query\Builder;
use Illuminate\Queue\DatabaseQueue;
use Illuminate\Queue\RedisQueue;
use Psr\Log\LoggerInterface;
use Throwable;

/** Asks the queues themselves. A queue that cannot be read is told as an empty one, with one warning a process and cause. */
final class StandInInspector implements QueueInspector
{
    /** @var array<string, true> */
    private array $warned = [];

    public function __construct(private readonly Queues $queues, private readonly LoggerInterface $log)
    {
    }

    public function getQueueDepth(string $connection, string $queue): QueueDepthData
    {
        try {
            return $this->read($this->queues->connection($connection), $connection, $queue);
        } catch (Throwable $cause) {
            $this->warn($connection, $queue, $cause);

            return new QueueDepthData($connection, $queue, 0, 0, 0, null, null, Carbon::now());
        }
    }

    public function hasJobs(string $connection, string $queue): bool
    {
        return ! $this->getQueueDepth($connection, $queue)->isEmpty();
    }

    public function getAllQueues(): array
    {
        $names = array_column((array) config('queue.connections'), 'queue');

        return array_values(array_unique(array_filter($names, is_string(...))));
    }

    private function read(Queue $backend, string $connection, string $queue): QueueDepthData
    {
        if (! method_exists($backend, 'pendingSize')) {
            return $this->readOldFramework($backend, $connection, $queue);
        }

        $oldest = $backend->creationTimeOfOldestPendingJob($queue);

        return new QueueDepthData(
            connection: $connection,
            queue: $queue,
            pendingJobs: $backend->pendingSize($queue),
            reservedJobs: $backend->reservedSize($queue),
            delayedJobs: $backend->delayedSize($queue),
            oldestPendingJobAge: $oldest === null ? null : Carbon::createFromTimestamp($oldest),
            oldestDelayedJobAge: null,
            measuredAt: Carbon::now(),
            delayedDueNowJobs: $backend instanceof RedisQueue ? $this->dueNow($backend, $queue) : 0,
        );
    }

    /** Before 12.19 Laravel told a size only; keys and rows are counted, and how old a job on Redis is nobody can tell. */
    private function readOldFramework(Queue $backend, string $connection, string $queue): QueueDepthData
    {
        if ($backend instanceof DatabaseQueue) {
            return $this->countRows($backend, $connection, $queue);
        }

        if (! $backend instanceof RedisQueue) {
            return new QueueDepthData($connection, $queue, $backend->size($queue), 0, 0, null, null, Carbon::now());
        }

        $redis = $backend->getConnection();
        $key = $backend->getQueue($queue);

        return new QueueDepthData(
            connection: $connection,
            queue: $queue,
            pendingJobs: (int) $redis->llen($key),
            reservedJobs: (int) $redis->zcard("{$key}:reserved"),
            delayedJobs: (int) $redis->zcard("{$key}:delayed"),
            oldestPendingJobAge: null,
            oldestDelayedJobAge: null,
            measuredAt: Carbon::now(),
            delayedDueNowJobs: $this->dueNow($backend, $queue),
        );
    }

    private function countRows(DatabaseQueue $backend, string $connection, string $queue): QueueDepthData
    {
        $jobs = fn(): Builder => $backend->getDatabase()
            ->table((string) config("queue.connections.{$connection}.table"))
            ->where('queue', $queue);
        $now = Carbon::now();
        $pending = fn(): Builder => $jobs()->whereNull('reserved_at')->where('available_at', '<=', $now->getTimestamp());
        $oldest = $pending()->min('created_at');

        return new QueueDepthData(
            connection: $connection,
            queue: $queue,
            pendingJobs: $pending()->count(),
            reservedJobs: $jobs()->whereNotNull('reserved_at')->count(),
            delayedJobs: $jobs()->where('available_at', '>', $now->getTimestamp())->count(),
            oldestPendingJobAge: $oldest === null ? null : Carbon::createFromTimestamp((int) $oldest),
            oldestDelayedJobAge: null,
            measuredAt: $now,
        );
    }

    private function dueNow(RedisQueue $backend, string $queue): int
    {
        $key = $backend->getQueue($queue) . ':delayed';

        return (int) $backend->getConnection()->zcount($key, '-inf', (string) Carbon::now()->getTimestamp());
    }

    private function warn(string $connection, string $queue, Throwable $cause): void
    {
        $key = "{$connection}:{$queue}:" . $cause::class;

        if (! isset($this->warned[$key])) {
            $this->warned[$key] = true;
            $this->log->warning("Queue {$connection}:{$queue} cannot be read; told as empty: {$cause->getMessage()}");
        }
    }
}
