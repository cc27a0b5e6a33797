<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Metrics;

use App\Jobs\SleepJob;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Queue;
use QueueAutoscale\Laravel\Metrics\ReadOnce\CheapReading;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

/** Runs on the stand-in and, where folders with it are named, on the real package. */
final class CheapReadingTest extends FeatureTestCase
{
    private const SEEDS = 3;

    private const QUEUES = ['a', 'b', 'c', 'd'];

    public function test_the_answer_is_the_same_row_by_row(): void
    {
        for ($seed = 0; $seed < self::SEEDS; $seed++) {
            mt_srand($seed);
            $this->makeHistory($seed);
            $plain = $this->settled(QueueMetrics::getAllQueuesWithMetrics());
            $cheap = $this->app->make(CheapReading::class)->during(fn(): array => $this->settled(QueueMetrics::getAllQueuesWithMetrics()));

            self::assertEquals($plain, $cheap, "seed {$seed}");
            self::assertNotSame([], $cheap);
        }
    }

    public function test_nothing_of_a_reading_is_left_for_the_next(): void
    {
        $reading = $this->app->make(CheapReading::class);
        (new SleepJob(0))->enqueue('a');
        $read = fn(): int => QueueMetrics::getAllQueuesWithMetrics()['database:a']['depth']['pending'];
        self::assertSame(1, $reading->during($read));
        (new SleepJob(0))->enqueue('a');

        self::assertSame(2, $reading->during($read));
        self::assertSame(2, $read());
    }

    public function test_the_records_of_workers_are_read_once_a_reading(): void
    {
        $this->makeHistory(1);
        $this->app->forgetInstance(WorkerHeartbeatRepository::class);
        $counted = null;
        // Ours come first, since they were registered first.
        $this->app->forgetExtenders(WorkerHeartbeatRepository::class);
        $this->app->extend(WorkerHeartbeatRepository::class, static function (WorkerHeartbeatRepository $inner) use (&$counted): CountedHeartbeats {
            return $counted = new CountedHeartbeats($inner);
        });
        CheapReading::register($this->app);
        $this->forgetServices();
        $reading = $this->app->make(CheapReading::class);
        $reading->during(static fn(): array => QueueMetrics::getAllQueuesWithMetrics());
        self::assertSame(1, $counted->readings);

        QueueMetrics::getAllQueuesWithMetrics();
        self::assertGreaterThan(2, $counted->readings);
    }

    /** The real package's, which keep what they were made with. */
    private function forgetServices(): void
    {
        foreach (array_keys($this->app->getBindings()) as $name) {
            if (str_starts_with($name, 'Cbox\\')) {
                $this->app->forgetInstance($name);
            }
        }
    }

    private function makeHistory(int $seed): void
    {
        $heartbeats = $this->app->make(WorkerHeartbeatRepository::class);

        foreach (self::QUEUES as $queue) {
            for ($job = mt_rand(1, 4); $job > 0; $job--) {
                mt_rand(0, 2) === 0
                    ? Queue::connection('database')->later(60, new SleepJob(0), '', $queue)
                    : (new SleepJob(0))->enqueue($queue, 'database');
            }

            if (mt_rand(0, 1) === 1) {
                Artisan::call('queue:work', ['connection' => 'database', '--queue' => $queue, '--once' => true]);
            }

            for ($worker = mt_rand(0, 5); $worker > 0; $worker--) {
                $state = WorkerState::cases()[mt_rand(0, count(WorkerState::cases()) - 1)];
                $heartbeats->recordHeartbeat("{$seed}-{$queue}-{$worker}", 'database', $queue, $state, null, null, $worker, 'host');
            }
        }
    }

    /**
     * @param array<string, array<string, mixed>> $rows
     * @return array<string, array<string, mixed>> without what goes on while they are read
     */
    private function settled(array $rows): array
    {
        foreach ($rows as &$row) {
            unset($row['timestamp'], $row['trends']);
            $row['depth']['oldest_job_age_seconds'] = $row['depth']['oldest_job_age_seconds'] > 0;
        }

        return $rows;
    }
}
