<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Closure;
use PDO;
use PDOException;

/**
 * What the stand-in remembers of queues, jobs and workers, in an SQLite file of its own that all processes share.
 *
 * @phpstan-type QueueRow array{connection: string, queue: string, throughput: int, succeeded: int, failed: int}
 */
final class StandInStore
{
    /** The window of the throughput, as in the real package. */
    public const WINDOW_SECONDS = 60;

    /** A worker that was not heard of for longer no longer counts, alive or dead. */
    private const STALE_WORKER_SECONDS = 60;

    private const BUSY_TIMEOUT_SECONDS = 5;

    private ?PDO $database = null;

    public function __construct(private readonly string $path)
    {
    }

    public function queueSeen(string $connection, string $queue): void
    {
        $this->quietly(fn() => $this->run(
            'INSERT OR IGNORE INTO queues (connection, queue) VALUES (?, ?)',
            [$connection, $queue],
        ));
    }

    public function jobSucceeded(string $connection, string $queue, int $second): void
    {
        $this->quietly(function () use ($connection, $queue, $second): void {
            $this->run(
                'INSERT INTO successes (connection, queue, second, jobs) VALUES (?, ?, ?, 1)
                 ON CONFLICT DO UPDATE SET jobs = jobs + 1',
                [$connection, $queue, $second],
            );
            $this->run(
                'INSERT INTO queues (connection, queue, succeeded) VALUES (?, ?, 1)
                 ON CONFLICT DO UPDATE SET succeeded = succeeded + 1',
                [$connection, $queue],
            );
        });
    }

    public function jobFailed(string $connection, string $queue): void
    {
        $this->quietly(fn() => $this->run(
            'INSERT INTO queues (connection, queue, failed) VALUES (?, ?, 1)
             ON CONFLICT DO UPDATE SET failed = failed + 1',
            [$connection, $queue],
        ));
    }

    /** Notes a sign of life of this process. */
    public function workerSeen(string $connection, string $queues, bool $busy): void
    {
        $this->quietly(fn() => $this->run(
            'INSERT OR REPLACE INTO workers (pid, connection, queues, busy, last_seen_at) VALUES (?, ?, ?, ?, ?)',
            [getmypid(), $connection, $queues, (int) $busy, time()],
        ));
    }

    /** Forgets this process. A worker that is killed never gets here and is counted until it is stale. */
    public function workerGone(): void
    {
        $this->quietly(fn() => $this->run('DELETE FROM workers WHERE pid = ?', [getmypid()]));
    }

    public function takeThroughputSnapshots(int $now): void
    {
        $this->run(
            'UPDATE queues SET throughput = (
                SELECT COALESCE(SUM(jobs), 0) FROM successes
                WHERE successes.connection = queues.connection AND successes.queue = queues.queue AND second > ?
             ) WHERE succeeded > 0',
            [$now - self::WINDOW_SECONDS],
        );
        $this->run('DELETE FROM successes WHERE second <= ?', [$now - self::WINDOW_SECONDS]);
    }

    /** @return list<QueueRow> */
    public function queues(): array
    {
        return $this->run('SELECT connection, queue, throughput, succeeded, failed FROM queues', [])
            ->fetchAll(PDO::FETCH_ASSOC);
    }

    /** @return array{active: int, busy: int} */
    public function workersOf(string $connection, string $queues, int $now): array
    {
        return $this->run(
            'SELECT COUNT(*) AS active, COALESCE(SUM(busy), 0) AS busy FROM workers
             WHERE connection = ? AND queues = ? AND last_seen_at > ?',
            [$connection, $queues, $now - self::STALE_WORKER_SECONDS],
        )->fetch(PDO::FETCH_ASSOC);
    }

    /** @param list<int|string> $values */
    private function run(string $sql, array $values): \PDOStatement
    {
        $statement = $this->database()->prepare($sql);
        $statement->execute($values);

        return $statement;
    }

    /** Counting must never disturb the job that is counted. */
    private function quietly(Closure $write): void
    {
        try {
            $write();
        } catch (PDOException) {
        }
    }

    private function database(): PDO
    {
        return $this->database ??= $this->open();
    }

    private function open(): PDO
    {
        $database = new PDO('sqlite:' . $this->path, options: [PDO::ATTR_TIMEOUT => self::BUSY_TIMEOUT_SECONDS]);
        $database->exec('PRAGMA journal_mode = WAL');
        $database->exec('PRAGMA synchronous = OFF');
        $database->exec(
            'CREATE TABLE IF NOT EXISTS queues (connection TEXT, queue TEXT, throughput INTEGER NOT NULL DEFAULT 0,
                succeeded INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (connection, queue));
             CREATE TABLE IF NOT EXISTS successes (connection TEXT, queue TEXT, second INTEGER, jobs INTEGER,
                PRIMARY KEY (connection, queue, second));
             CREATE TABLE IF NOT EXISTS workers (pid INTEGER PRIMARY KEY, connection TEXT, queues TEXT, busy INTEGER,
                last_seen_at INTEGER)',
        );

        return $database;
    }
}
