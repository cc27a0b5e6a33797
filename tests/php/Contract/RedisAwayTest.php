<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Queue\Events\Looping;
use PHPUnit\Framework\Attributes\RunInSeparateProcess;
use Throwable;

/** QueueMetrics keeps everything in Redis, and nothing of it is guarded. */
final class RedisAwayTest extends ContractTestCase
{
    public function test_reading_throws(): void
    {
        $this->expectException(Throwable::class);

        QueueMetrics::getAllQueuesWithMetrics();
    }

    /** It tells that a worker is idle every ten seconds at most, and counts them a process. */
    #[RunInSeparateProcess]
    public function test_the_loop_of_a_worker_throws(): void
    {
        $this->expectException(Throwable::class);

        event(new Looping('database', 'emails'));
    }

    public function test_so_does_a_dispatch_to_any_connection(): void
    {
        $this->expectException(Throwable::class);

        $this->enqueue('emails');
    }

    protected function environment(): array
    {
        // Nobody listens there.
        return [...parent::environment(), 'REDIS_PORT' => '1'];
    }
}
