<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Records\RecordFile;
use App\Records\RecordKind;
use Illuminate\Support\Facades\Queue;

/** Queues that QueueMetrics has no row of: their jobs are worked all the same. */
final class KnownQueuesTest extends EndToEndTestCase
{
    protected string $connection = 'redis';

    protected function environment(): array
    {
        // A second after it last heard of a queue, the metrics have forgotten it.
        return [...parent::environment(), 'QUEUE_METRICS_TTL_RAW' => '1'];
    }

    public function test_a_job_that_becomes_due_after_the_metrics_forgot_its_queue_is_worked(): void
    {
        $manager = $this->startManager();
        $this->later(4, 'redis', 'late');

        $this->waitUntilAllJobsAreDone($manager);
        self::assertTrue($manager->isRunning());
    }

    public function test_jobs_that_the_metrics_hear_nothing_of_are_worked_whether_the_manager_runs_or_not(): void
    {
        // On the database driver this raises no event.
        $this->bulk('database', 'before');
        $manager = $this->startManager();
        $this->waitUntilAllJobsAreDone($manager);
        $this->bulk('database', 'after');

        $this->waitUntilAllJobsAreDone($manager);
        self::assertTrue($manager->isRunning());
    }

    public function test_metrics_that_record_nothing_are_told_and_queues_are_worked_by_their_depth(): void
    {
        $manager = $this->startManager(environment: ['QUEUE_METRICS_PERSISTENCE' => 'false']);
        $this->bulk('database', 'reports');

        $this->waitUntilAllJobsAreDone($manager);
        self::assertStringContainsString('queue-metrics.persistence.enabled is false', $manager->output());
    }

    public function test_nobody_is_started_to_look_for_delayed_jobs_before_one_is_due(): void
    {
        $manager = $this->startManager(arguments: ['-v']);
        $this->later(4, 'redis', 'late');
        $this->waitUntilAllJobsAreDone($manager);
        $this->waitUntil(static fn(): bool => str_contains($manager->output(), ' worker_started '), 'the worker to be told', $manager);

        self::assertSame(1, substr_count($manager->output(), ' worker_started '), $manager->output());
    }

    private function later(int $seconds, string $connection, string $queue): void
    {
        Queue::connection($connection)->later($seconds, $this->queued($queue), '', $queue);
    }

    private function bulk(string $connection, string $queue): void
    {
        Queue::connection($connection)->bulk([$this->queued($queue), $this->queued($queue)], '', $queue);
    }

    private function queued(string $queue): SleepJob
    {
        $job = new SleepJob(0);
        $this->app->make(RecordFile::class)->append(RecordKind::JobQueued, ['job' => $job->recordId, 'queue' => $queue]);

        return $job;
    }
}
