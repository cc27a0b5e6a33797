<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use Illuminate\Support\Facades\Redis;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\RedisServer;

final class RedisOutageTest extends EndToEndTestCase
{
    /** Comma-separated seconds: how long each outage lasts where many and long ones are to be measured. */
    private const OUTAGES = 'QUEUE_AUTOSCALE_OUTAGES';

    private const INTERVAL_SECONDS = 0.5;

    /** What reading the metrics and spawning may take on a busy machine, beside the cycle in which the manager notices. */
    private const SLACK_SECONDS = 2.0;

    private RedisServer $redis;

    protected function setUp(): void
    {
        parent::setUp();

        $this->connection = 'redis';
        $this->redis = new RedisServer($this->folder);
        $this->redis->start();
        config()->set('database.redis.default.port', $this->redis->port);
        config()->set('database.redis.options.prefix', $this->environment()['REDIS_PREFIX']);
        Redis::purge('default');
    }

    protected function tearDown(): void
    {
        $this->redis->stop();

        parent::tearDown();
    }

    public function test_the_manager_outlives_redis_and_works_on_when_it_is_back(): void
    {
        $manager = $this->startManager(environment: $this->redisEnvironment());
        $this->enqueue(30, 'emails', static fn(): SleepJob => new SleepJob(0.5));
        $this->waitUntilJobsRun(2, $manager);

        $this->redis->stop();
        $this->waitUntil(
            static fn(): bool => str_contains($manager->output(), 'QueueMetrics cannot be read'),
            'the outage to be told',
            $manager,
        );
        self::assertTrue($manager->isRunning());

        $this->redis->start();
        $this->waitUntilAllJobsAreDone($manager);
        $manager->signal(SIGTERM);

        self::assertSame(0, $manager->exitCode());
        self::assertSame([], $this->workers());
    }

    public function test_what_the_outage_made_fail_is_tried_again_at_once_when_it_is_over(): void
    {
        $manager = $this->startManager(['queues' => ['emails' => ['max_workers' => 1]]], environment: $this->redisEnvironment());
        $this->enqueue(20, 'emails', static fn(): SleepJob => new SleepJob(0.5));
        $this->waitUntilJobsRun(1, $manager);

        $this->redis->stop();
        // From then on a worker would wait for longer than is allowed below.
        $this->waitUntil(
            static fn(): bool => preg_match('/restart_in_seconds=(?:[89]|\d\d)/', $manager->output()) === 1,
            'a worker to wait for long before it is tried again',
            $manager,
        );

        $worker = $this->secondsOnceRedisIsBack($manager)['untilWorkerIsSpawned'];

        self::assertLessThan(self::INTERVAL_SECONDS + self::SLACK_SECONDS, $worker);
    }

    public function test_after_each_of_many_outages_a_job_starts_within_a_cycle_and_a_boot(): void
    {
        $outages = array_filter(explode(',', (string) getenv(self::OUTAGES)));

        if ($outages === []) {
            self::markTestSkipped('Takes minutes; ' . self::OUTAGES . '=20,20,20,20,20,75 runs it.');
        }

        $manager = $this->startManager(arguments: ['--interval=5'], environment: $this->redisEnvironment());
        $this->enqueue(200 * count($outages), 'emails', static fn(): SleepJob => new SleepJob(0.5));
        $measured = [];

        foreach ($outages as $outage) {
            $this->waitUntilJobsRun(1, $manager);
            $this->redis->stop();
            usleep((int) (1e6 * (float) $outage));
            $measured[] = ['outage' => (float) $outage, ...$this->secondsOnceRedisIsBack($manager)];
        }

        fwrite(STDERR, json_encode($measured, JSON_PRETTY_PRINT) . "\n");
        self::assertLessThan(5.0 + self::SLACK_SECONDS, max(array_column($measured, 'untilWorkerIsSpawned')));
    }

    /** @return array{untilWorkerIsSpawned: float, untilJobStarts: float} of the first job that starts, and of the worker that does it */
    private function secondsOnceRedisIsBack(Artisan $manager): array
    {
        $before = count($this->records()->of(RecordKind::JobStarted));
        $this->redis->start();
        $backAt = microtime(true);
        $this->waitUntil(fn(): bool => count($this->records()->of(RecordKind::JobStarted)) > $before, 'a job to start', $manager);
        $job = $this->records()->of(RecordKind::JobStarted)[$before];
        $worker = array_column($this->records()->of(RecordKind::WorkerStarted), null, 'pid')[$job['pid']];

        return [
            'untilWorkerIsSpawned' => round($worker['process_started_at'] - $backAt, 2),
            'untilJobStarts' => round($job['at'] - $backAt, 2),
        ];
    }

    /** @return array<string, string> */
    private function redisEnvironment(): array
    {
        return ['REDIS_HOST' => '127.0.0.1', 'REDIS_PORT' => (string) $this->redis->port];
    }
}
