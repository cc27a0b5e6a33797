<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use App\Dispatching\ReleasedMarkJob;
use App\Jobs\FailingJob;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Support\Facades\Queue;
use Illuminate\Support\Facades\Schema;
use QueueAutoscale\Tests\Support\Wait;

/** What a row holds, and where it is wrong. */
final class RowsTest extends ContractTestCase
{
    private const RECORDING = __DIR__ . '/recorded-3.3.json';

    public function test_an_application_without_jobs_has_no_rows(): void
    {
        self::assertSame([], QueueMetrics::getAllQueuesWithMetrics());
    }

    public function test_a_row_has_the_keys_and_types_that_were_recorded(): void
    {
        $recorded = json_decode((string) file_get_contents(self::RECORDING), true, flags: JSON_THROW_ON_ERROR);
        $this->enqueue('emails');

        self::assertSame(self::shape(array_values($recorded)[0]), self::shape($this->row('database:emails')));
        // A connection's name, whatever its driver is.
        self::assertSame('database', $this->row('database:emails')['driver']);
    }

    public function test_total_is_pending_scheduled_and_reserved(): void
    {
        $this->enqueue('emails', jobs: 2);
        Queue::connection('database')->later(3600, 'Job', '', 'emails');
        Queue::connection('database')->pop('emails');

        $depth = $this->row('database:emails')['depth'];

        self::assertSame([3, 1, 1, 1], [$depth['total'], $depth['pending'], $depth['scheduled'], $depth['reserved']]);
        self::assertIsFloat($depth['oldest_job_age_seconds']);
        self::assertNotFalse(strtotime($depth['oldest_job_age_status']));
    }

    public function test_where_nothing_is_pending_the_age_is_the_integer_zero_and_the_status_unknown(): void
    {
        $this->enqueue('emails');
        $this->work('emails');

        $depth = $this->row('database:emails')['depth'];

        self::assertSame([0, 'unknown'], [$depth['oldest_job_age_seconds'], $depth['oldest_job_age_status']]);
    }

    public function test_the_throughput_stays_as_it_is_until_it_is_calculated_anew(): void
    {
        $this->enqueue('emails', jobs: 3);
        $this->work('emails');
        self::assertSame(0.0, $this->row('database:emails')['performance_60s']['throughput_per_minute']);

        $this->calculate();

        self::assertSame(3.0, $this->row('database:emails')['performance_60s']['throughput_per_minute']);
    }

    public function test_the_duration_is_always_zero_on_stock_laravel(): void
    {
        $this->enqueue('emails', jobs: 3);
        $this->work('emails');
        $this->calculate();

        self::assertSame(0.0, $this->row('database:emails')['performance_60s']['avg_duration_ms']);
    }

    public function test_the_throughput_counts_successes_only_and_the_failure_rate_last_failures_only(): void
    {
        $this->enqueue('emails');
        (new FailingJob(failures: 2))->enqueue('emails', 'database');
        (new FailingJob(failures: 9))->enqueue('emails', 'database');
        $this->work('emails', tries: 3);
        $this->calculate();

        // Seven attempts: two successes, two that were tried again and succeeded in the end, three of which the last counts.
        $row = $this->row('database:emails');
        self::assertSame(2.0, $row['performance_60s']['throughput_per_minute']);
        self::assertEqualsWithDelta(100 / 3, $row['lifetime']['failure_rate_percent'], 0.01);
    }

    public function test_a_job_that_released_itself_counts_as_done_each_time(): void
    {
        dispatch(new ReleasedMarkJob('mark'))->onConnection('database')->onQueue('emails');
        $this->work('emails');
        $this->calculate();

        self::assertSame(1, $this->row('database:emails')['depth']['total']);
        self::assertSame(1.0, $this->row('database:emails')['performance_60s']['throughput_per_minute']);
    }

    public function test_a_due_delayed_job_is_scheduled_on_redis_and_pending_in_a_database(): void
    {
        foreach (['redis', 'database'] as $connection) {
            Queue::connection($connection)->later(-30, 'Job', '', 'late');
            Queue::connection($connection)->later(3600, 'Job', '', 'late');
        }

        $redis = $this->row('redis:late')['depth'];
        $database = $this->row('database:late')['depth'];

        self::assertSame([0, 2, 1], [$redis['pending'], $redis['scheduled'], $redis['delayed_due_now']]);
        self::assertSame([1, 1, 0], [$database['pending'], $database['scheduled'], $database['delayed_due_now']]);
        self::assertSame(0, $redis['oldest_job_age_seconds']);
    }

    public function test_the_age_includes_a_deliberate_delay_on_redis_and_not_in_a_database(): void
    {
        if (! method_exists(Queue::connection('redis'), 'creationTimeOfOldestPendingJob')) {
            self::markTestSkipped('This Laravel cannot tell how old a job on Redis is.');
        }

        $queuedAt = microtime(true);

        foreach (['redis', 'database'] as $connection) {
            Queue::connection($connection)->later(2, 'Job', '', 'late');
            Queue::connection($connection)->later(2, 'Job', '', 'late');
        }

        Wait::until(static fn(): bool => microtime(true) >= $queuedAt + 3, 5, 'the jobs to be due');
        // Whoever takes a job moves those that are due to the pending ones.
        Queue::connection('redis')->pop('late');
        Queue::connection('database')->pop('late');

        self::assertGreaterThan(2.0, $this->row('redis:late')['depth']['oldest_job_age_seconds']);
        self::assertLessThan(2.0, $this->row('database:late')['depth']['oldest_job_age_seconds']);
    }

    public function test_a_name_with_a_colon_shows_as_a_queue_that_nobody_fills(): void
    {
        $this->enqueue('emails:high');

        $rows = QueueMetrics::getAllQueuesWithMetrics();

        self::assertSame(['database:emails'], array_keys($rows));
        self::assertSame(0, $rows['database:emails']['depth']['total']);
        self::assertSame(1, QueueMetrics::getQueueDepth('database', 'emails:high')->pendingJobs);
    }

    public function test_other_odd_names_are_told_as_they_are(): void
    {
        foreach ($names = ['with space', 'grün', '{hash}', 'a,b', 'a/b', '50%', "it's", '-dash'] as $name) {
            $this->enqueue($name);
        }

        $rows = QueueMetrics::getAllQueuesWithMetrics();

        foreach ($names as $name) {
            self::assertSame(1, $rows["database:{$name}"]['depth']['pending'] ?? null, $name);
        }
    }

    public function test_a_queue_that_cannot_be_read_is_a_row_of_zeros(): void
    {
        $this->enqueue('emails', jobs: 5);
        Schema::drop('jobs');

        $depth = $this->row('database:emails')['depth'];

        self::assertSame([0, 'unknown'], [$depth['total'], $depth['oldest_job_age_status']]);
        self::assertSame(0, QueueMetrics::getQueueDepth('database', 'emails')->totalJobs());
        self::assertSame(0, QueueMetrics::getQueueDepth('not-configured', 'emails')->totalJobs());
    }

    public function test_a_queue_may_be_asked_for_that_nobody_has_heard_of(): void
    {
        self::assertSame(0, QueueMetrics::getQueueDepth('database', 'unheard-of')->totalJobs());
        self::assertSame([], QueueMetrics::getAllQueuesWithMetrics());
    }

    public function test_jobs_on_redis_are_counted_on_every_laravel(): void
    {
        $this->enqueue('emails', 'redis', jobs: 3);
        Queue::connection('redis')->later(3600, 'Job', '', 'emails');
        Queue::connection('redis')->pop('emails');

        $depth = $this->row('redis:emails')['depth'];

        self::assertSame([2, 1, 1], [$depth['pending'], $depth['scheduled'], $depth['reserved']]);
    }

    /**
     * Numbers of any kind are one: 0 stands in the place of a float, too.
     *
     * @param array<string, mixed> $row
     * @return array<string, mixed>
     */
    private static function shape(array $row): array
    {
        ksort($row);

        return array_map(static fn(mixed $value): mixed => match (true) {
            is_array($value) => self::shape($value),
            is_int($value) || is_float($value) => 'number',
            default => get_debug_type($value),
        }, $row);
    }
}
