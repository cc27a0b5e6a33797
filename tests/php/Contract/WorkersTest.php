<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Queue\Events\WorkerStopping;

/** What QueueMetrics knows of workers, and for how long. */
final class WorkersTest extends ContractTestCase
{
    public function test_the_dead_count_until_the_packages_own_schedule_has_cleaned_up(): void
    {
        $this->enqueue('emails');
        $this->heartbeat('worker-1', 'emails', WorkerState::BUSY);
        $this->heartbeat('worker-2', 'emails', WorkerState::IDLE);

        self::assertSame(2, $this->row('database:emails')['workers']['active_count']);
        self::assertSame(50.0, $this->row('database:emails')['workers']['current_busy_percent']);

        $this->artisan('queue-metrics:cleanup-stale-workers', ['--threshold' => '0']);

        self::assertSame(0, $this->row('database:emails')['workers']['active_count']);
    }

    public function test_an_idle_worker_of_several_queues_counts_for_none_of_them(): void
    {
        $this->enqueue('a');
        $this->enqueue('b');
        $this->heartbeat('worker-1', 'a,b', WorkerState::IDLE);

        self::assertSame(0, $this->row('database:a')['workers']['active_count']);
        self::assertSame(0, $this->row('database:b')['workers']['active_count']);
    }

    public function test_a_worker_counts_for_its_job_s_queue_after_the_job_too(): void
    {
        $this->enqueue('b');
        $this->work('a,b', once: true);

        self::assertSame(1, $this->row('database:b')['workers']['active_count']);
        self::assertSame(0.0, $this->row('database:b')['workers']['current_busy_percent']);
    }

    public function test_the_record_of_a_worker_that_stopped_stays_and_no_longer_counts(): void
    {
        $this->enqueue('emails');
        $this->work('emails', once: true);
        event(new WorkerStopping(0));

        $stopped = $this->app->make(WorkerHeartbeatRepository::class)->getWorkersByState(WorkerState::STOPPED);

        self::assertSame([getmypid()], $stopped->pluck('pid')->all());
        self::assertSame(0, $this->row('database:emails')['workers']['active_count']);
    }

    private function heartbeat(string $id, string $queue, WorkerState $state): void
    {
        // The largest process id that Linux gives: nobody's.
        $this->app->make(WorkerHeartbeatRepository::class)
            ->recordHeartbeat($id, 'database', $queue, $state, null, null, 4_194_304, 'host');
    }
}
