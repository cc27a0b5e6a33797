<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Contracts\Console\Kernel;
use QueueAutoscale\Laravel\QueueAutoscaleServiceProvider;

/** What happens where QueueMetrics cannot keep its numbers. */
final class StorageTest extends ContractTestCase
{
    public function test_its_listeners_come_before_ours(): void
    {
        $providers = array_keys($this->app->getLoadedProviders());
        $theirs = preg_grep('/^Cbox\\\\LaravelQueueMetrics\\\\/', $providers);

        self::assertLessThan(array_search(QueueAutoscaleServiceProvider::class, $providers, true), array_key_first($theirs));
    }

    public function test_with_database_storage_reading_throws(): void
    {
        config()->set('queue-metrics.storage', ['driver' => 'database', 'connection' => 'sqlite'] + config('queue-metrics.storage'));

        $this->expectExceptionMessage('Redis connection [sqlite] not configured');

        QueueMetrics::getAllQueuesWithMetrics();
    }

    public function test_its_schedule_cleans_up_every_minute(): void
    {
        $this->app->make(Kernel::class)->call('schedule:list');

        self::assertStringContainsString('queue-metrics:cleanup-stale-workers', $this->app->make(Kernel::class)->output());
    }
}
