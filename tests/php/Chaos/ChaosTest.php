<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Chaos;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use QueueAutoscale\Tests\EndToEnd\EndToEndTestCase;
use QueueAutoscale\Tests\Support\ApplicationFolder;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Processes;
use QueueAutoscale\Tests\Support\RedisServer;
use QueueAutoscale\Tests\Support\Wait;
use Random\Engine\Mt19937;
use Random\Randomizer;

/**
 * Real workers on a real Redis, while workers are killed, ended and stopped by chance, the pool changes its size every
 * second, and Redis goes away and comes back. QUEUE_AUTOSCALE_CHAOS=long makes it last.
 */
final class ChaosTest extends EndToEndTestCase
{
    private const QUEUE = 'chaos';

    private const FEWEST_WORKERS = 2;

    private const MOST_WORKERS = 6;

    private const LONGEST_JOB_MILLISECONDS = 40;

    private const SECONDS_BETWEEN_STRIKES = 0.4;

    /** So that queueing does not keep from striking. */
    private const JOBS_AT_ONCE = 20;

    private const PATIENCE_IN_CHAOS_SECONDS = 300.0;

    private const TICK_MICROSECONDS = 20_000;

    private RedisServer $redis;

    /** @var array{float, float} when Redis went and was back */
    private array $outage;

    protected string $connection = 'redis';

    protected function setUp(): void
    {
        $this->redis = new RedisServer($this->folder = new ApplicationFolder());
        $this->redis->start();
        parent::setUp();
    }

    protected function tearDown(): void
    {
        parent::tearDown();
        $this->redis->stop();
    }

    public function test_no_job_is_lost_and_none_runs_twice_unless_its_worker_was_killed(): void
    {
        $isLong = getenv('QUEUE_AUTOSCALE_CHAOS') === 'long';
        $seed = (int) (getenv('QUEUE_AUTOSCALE_CHAOS_SEED') ?: random_int(1, PHP_INT_MAX));
        $random = new Randomizer(new Mt19937($seed));
        $manager = $this->startRestlessManager($seed);
        $monkey = new Monkey($manager->pid(), $random, leavesSome: $isLong);

        $this->stir(
            $random,
            $monkey,
            jobs: $isLong ? 5_000 : 400,
            seconds: $isLong ? 60.0 : 8.0,
            outageSeconds: $isLong ? 10.0 : 2.0,
        );
        $monkey->wakeAll();
        Wait::until(
            fn(): bool => $this->unfinishedJobs() === [],
            self::PATIENCE_IN_CHAOS_SECONDS,
            fn(): string => "all jobs to be done, seed {$seed}\n{$manager->output()}",
        );
        $context = "seed {$seed}, {$monkey->deeds()}";

        self::assertSame([], $this->jobsRunTwiceWithoutReason($monkey), $context);
        $this->waitUntil(fn(): bool => $this->zombiesOf($manager->pid()) === [], "no zombie to be left, {$context}", $manager);

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode(), $manager->output());
        self::assertSame([], $this->workers(), $context);
        $this->assertTheManagerLeftNothingBehind($manager, $context);

        if ($isLong) {
            fwrite(STDERR, "{$context}\n");
        }
    }

    protected function environment(): array
    {
        return [
            ...parent::environment(),
            'REDIS_HOST' => '127.0.0.1',
            'REDIS_PORT' => (string) $this->redis->port,
            // Longer than any worker stays stopped: else another one rightly takes its job.
            'QUEUE_RETRY_AFTER' => getenv('QUEUE_AUTOSCALE_CHAOS') === 'long' ? '25' : '4',
            'QUEUE_AUTOSCALE_OVERRIDES' => json_encode([
                // A job may well lose several workers in a row here; that must not make it a failed one.
                'limits' => ['max_cpu_percent' => 100],
                'workers' => ['tries' => 100, 'sleep' => 0.2, 'timeout' => 60],
            ], JSON_THROW_ON_ERROR),
        ];
    }

    private function startRestlessManager(int $seed): Artisan
    {
        return $this->startScript(
            __DIR__ . '/restless-manager.php',
            ['redis', self::QUEUE, (string) self::FEWEST_WORKERS, (string) self::MOST_WORKERS, (string) $seed],
        );
    }

    private function stir(Randomizer $random, Monkey $monkey, int $jobs, float $seconds, float $outageSeconds): void
    {
        $start = microtime(true);
        $redisGoesAt = $start + ($seconds - $outageSeconds) / 2;
        $nextStrike = $start;
        $queued = 0;
        $redisBackAt = null;

        while (($now = microtime(true)) < $start + $seconds || $queued < $jobs || $redisBackAt !== null) {
            $monkey->wakeStopped($now);

            if ($now >= $nextStrike) {
                $monkey->strike();
                $nextStrike = $now + self::SECONDS_BETWEEN_STRIKES;
            }

            if (! isset($this->outage) && $now >= $redisGoesAt) {
                $redisBackAt = $now + $outageSeconds;
                $this->outage = [$now, INF];
                $this->redis->stop();
            } elseif ($redisBackAt !== null && $now >= $redisBackAt) {
                $this->redis->start();
                $this->app->make('redis')->purge();
                $this->outage[1] = microtime(true);
                $redisBackAt = null;
            }

            if ($redisBackAt === null) {
                $due = (int) min($jobs, $jobs * ($now - $start) / $seconds, $queued + self::JOBS_AT_ONCE);
                $this->enqueue($due - $queued, self::QUEUE, static fn(): SleepJob => new SleepJob(
                    $random->getInt(1, self::LONGEST_JOB_MILLISECONDS) / 1_000,
                ));
                $queued = $due;
            }

            usleep(self::TICK_MICROSECONDS);
        }
    }

    /**
     * A job comes back where its worker was killed, or could not tell Redis that it was done because Redis was away.
     *
     * @return list<string> other jobs that came back
     */
    private function jobsRunTwiceWithoutReason(Monkey $monkey): array
    {
        $runs = [];

        foreach ($this->records()->all() as $record) {
            if ($record['kind'] === RecordKind::JobStarted->value) {
                $runs[$record['job']][] = ['pid' => $record['pid'], 'started' => $record['at'], 'finished' => INF];
            } elseif ($record['kind'] === RecordKind::JobFinished->value) {
                $runs[$record['job']][array_key_last($runs[$record['job']])]['finished'] = $record['at'];
            }
        }

        $twice = [];

        foreach ($runs as $job => $runsOfJob) {
            foreach (array_slice($runsOfJob, 0, -1) as $run) {
                if ($monkey->killedAt($run['pid']) === null && ! $this->wasCaughtInTheOutage($run)) {
                    $twice[] = "{$job}: " . json_encode($runsOfJob, JSON_PARTIAL_OUTPUT_ON_ERROR);
                }
            }
        }

        return $twice;
    }

    /** @param array{pid: int, started: float, finished: float} $run */
    private function wasCaughtInTheOutage(array $run): bool
    {
        // A job tells Redis that it is done shortly after its own last line.
        $margin = 0.5;

        return $run['started'] <= $this->outage[1] && $run['finished'] + $margin >= $this->outage[0];
    }

    /** @return list<int> */
    private function zombiesOf(int $pid): array
    {
        $children = Processes::childrenOf($pid);

        return array_values(array_filter($children, static fn(int $child): bool => ! Processes::isAlive($child)));
    }

    private function assertTheManagerLeftNothingBehind(Artisan $manager, string $context): void
    {
        $lines = array_filter(explode("\n", $manager->output()), static fn(string $line): bool => str_starts_with($line, '{'));
        $events = array_map(static fn(string $line): array => json_decode($line, associative: true), array_values($lines));
        $types = array_count_values(array_column($events, 'type'));
        $ended = end($events);

        self::assertSame('ended', $ended['type'] ?? null, $manager->output());
        self::assertSame($ended['open_files_before'], $ended['open_files_after'], $context);
        self::assertArrayNotHasKey('worker_killed', $types, "a worker was killed by its own manager, {$context}");
        self::assertGreaterThan(0, $types['worker_crashed'] ?? 0);
        self::assertGreaterThan(0, $types['worker_ready'] ?? 0);
    }
}
