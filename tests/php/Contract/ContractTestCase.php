<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use App\Dispatching\MarkJob;
use Cbox\LaravelQueueMetrics\Actions\CalculateQueueMetricsAction;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use QueueAutoscale\Tests\Support\ApplicationTestCase;

/**
 * What QueueMetrics tells and does not tell. The tests hold for cboxdk/laravel-queue-metrics 3.3, which `make test-real` runs
 * them on, and for the stand-in, which they keep as unreliable as that.
 */
abstract class ContractTestCase extends ApplicationTestCase
{
    protected function environment(): array
    {
        return [...parent::environment(), 'CACHE_STORE' => 'array', 'STAND_IN_NEEDS_REDIS' => 'true'];
    }

    protected function enqueue(string $queue, string $connection = 'database', int $jobs = 1): void
    {
        for ($job = 0; $job < $jobs; $job++) {
            dispatch(new MarkJob("{$queue}-{$job}"))->onConnection($connection)->onQueue($queue);
        }
    }

    /** Works a queue in this process until it is empty. */
    protected function work(string $queue, string $connection = 'database', int $tries = 1, bool $once = false): void
    {
        $this->artisan('queue:work', [
            'connection' => $connection,
            '--queue' => $queue,
            '--tries' => $tries,
            '--sleep' => 0,
            $once ? '--once' : '--stop-when-empty' => true,
        ]);
    }

    /** @return array<string, mixed> */
    protected function row(string $key): array
    {
        return QueueMetrics::getAllQueuesWithMetrics()[$key] ?? [];
    }

    protected function calculate(): void
    {
        $this->app->make(CalculateQueueMetricsAction::class)->executeForAllQueues();
    }
}
