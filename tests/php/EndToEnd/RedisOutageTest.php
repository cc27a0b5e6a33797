<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use Illuminate\Support\Facades\Redis;
use QueueAutoscale\Tests\Support\RedisServer;

final class RedisOutageTest extends EndToEndTestCase
{
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
        $manager = $this->startManager(environment: ['REDIS_HOST' => '127.0.0.1', 'REDIS_PORT' => (string) $this->redis->port]);
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
}
