<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics;

use Closure;
use Illuminate\Redis\Connections\Connection;
use PDO;

/**
 * What the stand-in remembers of queues, jobs and workers, in an SQLite file of its own that all processes share. What
 * expires in the real package's Redis expires here after the same time.
 *
 * @phpstan-type WorkerRow array{
 *     connection: string, queues: string, state: string, pid: int, last_seen_at: int, idle_seconds: float, busy_seconds: float
 * }
 */
final class StandInStore
{
    /** The window of the throughput, as in the real package. */
    public const WINDOW_SECONDS = 60;

    private const BUSY_TIMEOUT_SECONDS = 5;

    /** What the real package needs for one worker's record, from Redis on the same host. */
    private const RECORD_READ_MICROSECONDS = 90;

    private ?PDO $database = null;

    /** @param Closure(): ?Connection $redis where the metrics are said to be kept in Redis */
    public function __construct(
        private readonly string $path,
        private readonly Closure $redis,
        private readonly int $rawTtlSeconds,
        private readonly int $aggregatedTtlSeconds,
    ) {
    }

    public function jobQueued(string $connection, string $queue): void
    {
        $this->keepQueue($connection, $queue);
    }

    public function jobStarted(string $connection, string $queue): void
    {
        $this->keepQueue($connection, $queue);
        $this->run(
            'INSERT OR REPLACE INTO processed_queues (connection, queue, expires_at) VALUES (?, ?, ?)',
            [$connection, $queue, time() + $this->aggregatedTtlSeconds],
        );
    }

    public function jobSucceeded(string $connection, string $queue, int $second): void
    {
        $this->keepQueue($connection, $queue);
        $this->run(
            'INSERT INTO successes (connection, queue, second, jobs) VALUES (?, ?, ?, 1)
             ON CONFLICT DO UPDATE SET jobs = jobs + 1',
            [$connection, $queue, $second],
        );
        $this->run('UPDATE queues SET succeeded = succeeded + 1 WHERE connection = ? AND queue = ?', [$connection, $queue]);
    }

    public function jobFailed(string $connection, string $queue): void
    {
        $this->keepQueue($connection, $queue);
        $this->run('UPDATE queues SET failed = failed + 1 WHERE connection = ? AND queue = ?', [$connection, $queue]);
    }

    public function jobThrew(string $connection, string $queue): void
    {
        $this->keepQueue($connection, $queue);
    }

    /** The snapshots of the queues that have ever started a job. @return int their number */
    public function takeSnapshots(int $now): int
    {
        $this->reachRedis();
        $this->run('DELETE FROM processed_queues WHERE expires_at <= ?', [time()]);
        $this->run('DELETE FROM queues WHERE expires_at <= ?', [time()]);
        $this->run('DELETE FROM successes WHERE second <= ?', [$now - self::WINDOW_SECONDS]);

        return $this->run(
            'INSERT OR REPLACE INTO snapshots (connection, queue, throughput, failure_rate)
             SELECT p.connection, p.queue,
                (SELECT COALESCE(SUM(jobs), 0) FROM successes s
                 WHERE s.connection = p.connection AND s.queue = p.queue AND q.queue IS NOT NULL),
                COALESCE(100.0 * q.failed / NULLIF(q.failed + q.succeeded, 0), 0)
             FROM processed_queues p LEFT JOIN queues q ON q.connection = p.connection AND q.queue = p.queue',
            [],
        )->rowCount();
    }

    /** @return array{throughput: float, failure_rate: float} */
    public function snapshot(string $connection, string $queue): array
    {
        $row = $this->run(
            'SELECT throughput, failure_rate FROM snapshots WHERE connection = ? AND queue = ?',
            [$connection, $queue],
        )->fetch(PDO::FETCH_ASSOC);

        return $row === false
            ? ['throughput' => 0.0, 'failure_rate' => 0.0]
            : ['throughput' => (float) $row['throughput'], 'failure_rate' => (float) $row['failure_rate']];
    }

    /** @return list<array{connection: string, queue: string}> */
    public function queues(): array
    {
        $this->reachRedis();
        // The real package looks for its keys in a way that phpredis alone knows.
        ($this->redis)()?->_prefix('');

        return $this->run('SELECT connection, queue FROM queues WHERE expires_at > ?', [time()])->fetchAll(PDO::FETCH_ASSOC);
    }

    public function workerSeen(string $id, int $pid, string $connection, string $queues, string $state): void
    {
        $this->reachRedis();
        $now = time();
        // The time since the last sign of life belongs to the state that it told.
        $this->run(
            "INSERT INTO workers (id, pid, connection, queues, state, last_seen_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET
                idle_seconds = idle_seconds + CASE state WHEN 'idle' THEN excluded.last_seen_at - last_seen_at ELSE 0 END,
                busy_seconds = busy_seconds + CASE state WHEN 'busy' THEN excluded.last_seen_at - last_seen_at ELSE 0 END,
                connection = excluded.connection, queues = excluded.queues, state = excluded.state,
                last_seen_at = excluded.last_seen_at",
            [$id, $pid, $connection, $queues, $state, $now],
        );
    }

    /** The record stays, for whoever reads the workers to read it, too. */
    public function workerChanged(string $id, string $state): void
    {
        $this->reachRedis();
        $this->run('UPDATE workers SET state = ? WHERE id = ?', [$state, $id]);
    }

    /** @return list<string> */
    public function workerIds(): array
    {
        $this->reachRedis();

        return $this->run('SELECT id FROM workers', [])->fetchAll(PDO::FETCH_COLUMN);
    }

    /** @return ?WorkerRow */
    public function worker(string $id): ?array
    {
        usleep(self::RECORD_READ_MICROSECONDS);
        $row = $this->run(
            'SELECT connection, queues, state, pid, last_seen_at, CAST(idle_seconds AS REAL) AS idle_seconds,
                CAST(busy_seconds AS REAL) AS busy_seconds FROM workers WHERE id = ? AND last_seen_at > ?',
            [$id, time() - $this->rawTtlSeconds],
        )->fetch(PDO::FETCH_ASSOC);

        return $row === false ? null : $row;
    }

    public function forgetWorker(string $id): void
    {
        $this->reachRedis();
        $this->run('DELETE FROM workers WHERE id = ?', [$id]);
    }

    /** @return int how many there were */
    public function forgetWorkersSeenBefore(int $second): int
    {
        $this->reachRedis();

        return $this->run('DELETE FROM workers WHERE last_seen_at <= ?', [$second])->rowCount();
    }

    /** A queue is known for as long again; with what was counted of it, unless that had expired. */
    private function keepQueue(string $connection, string $queue): void
    {
        $this->reachRedis();
        $this->run(
            'INSERT INTO queues (connection, queue, expires_at) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET
                succeeded = CASE WHEN expires_at > ? THEN succeeded ELSE 0 END,
                failed = CASE WHEN expires_at > ? THEN failed ELSE 0 END,
                expires_at = excluded.expires_at',
            [$connection, $queue, time() + $this->rawTtlSeconds, time(), time()],
        );
    }

    /** Throws where the Redis that the real package would need is away. */
    private function reachRedis(): void
    {
        ($this->redis)()?->set('queue_metrics:stand-in', '1', 'EX', self::WINDOW_SECONDS);
    }

    /** @param list<int|string> $values */
    private function run(string $sql, array $values): \PDOStatement
    {
        $statement = $this->database()->prepare($sql);
        $statement->execute($values);

        return $statement;
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
            'CREATE TABLE IF NOT EXISTS queues (connection TEXT, queue TEXT, succeeded INTEGER NOT NULL DEFAULT 0,
                failed INTEGER NOT NULL DEFAULT 0, expires_at INTEGER, PRIMARY KEY (connection, queue));
             CREATE TABLE IF NOT EXISTS processed_queues (connection TEXT, queue TEXT, expires_at INTEGER,
                PRIMARY KEY (connection, queue));
             CREATE TABLE IF NOT EXISTS snapshots (connection TEXT, queue TEXT, throughput REAL, failure_rate REAL,
                PRIMARY KEY (connection, queue));
             CREATE TABLE IF NOT EXISTS successes (connection TEXT, queue TEXT, second INTEGER, jobs INTEGER,
                PRIMARY KEY (connection, queue, second));
             CREATE TABLE IF NOT EXISTS workers (id TEXT PRIMARY KEY, pid INTEGER, connection TEXT, queues TEXT, state TEXT,
                last_seen_at INTEGER, idle_seconds REAL NOT NULL DEFAULT 0, busy_seconds REAL NOT NULL DEFAULT 0)',
        );

        return $database;
    }
}
