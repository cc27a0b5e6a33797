<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\FailingJob;
use App\Jobs\SleepJob;
use App\Records\RecordKind;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;

#[Group('binding')]
final class ScalingTest extends EndToEndTestCase
{
    /** @return array<string, array{string}> */
    public static function connections(): array
    {
        return ['SQLite' => ['database'], 'Redis' => ['redis']];
    }

    #[DataProvider('connections')]
    public function test_workers_come_with_a_burst_and_go_with_it(string $connection): void
    {
        $this->connection = $connection;
        $manager = $this->startManager();
        $this->enqueue(60, 'emails', static fn(): SleepJob => new SleepJob(0.3));

        $this->waitUntilJobsRun(2, $manager);
        $this->waitUntilAllJobsAreDone($manager);
        $this->waitUntil(fn(): bool => count($this->workers()) <= 1, 'the workers to go', $manager);

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
        self::assertSame([], $this->workers());
        self::assertSame([], $this->unfinishedJobs());
    }

    public function test_a_worker_leaves_when_it_finds_no_job_not_at_the_next_turn(): void
    {
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.1));
        // The first turn sees the job; the second one is further away than a test waits.
        $patient = ['queues' => ['emails' => ['max_pickup_time_seconds' => 3600]]];
        $manager = $this->startManager($patient, ['--interval=600']);

        $this->waitUntilAllJobsAreDone($manager);
        $this->waitUntil(fn(): bool => $this->workers() === [], 'the worker to leave', $manager);

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
    }

    #[DataProvider('connections')]
    public function test_a_killed_worker_costs_no_job(string $connection): void
    {
        $this->connection = $connection;
        $manager = $this->startManager(['workers' => ['timeout' => 2]]);
        $this->enqueue(20, 'emails', static fn(): SleepJob => new SleepJob(0.5));

        $this->waitUntilJobsRun(1, $manager);
        $victim = array_values($this->runningJobs())[0];
        posix_kill($victim, SIGKILL);

        $this->waitUntilAllJobsAreDone($manager);
        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
        self::assertStringContainsString('worker_crashed', $manager->output());
    }

    #[DataProvider('connections')]
    public function test_a_delayed_job_is_done_when_it_is_due_although_no_worker_waits_for_it(string $connection): void
    {
        $this->connection = $connection;
        $manager = $this->startManager(['queues' => ['emails' => ['max_pickup_time_seconds' => 4]]]);

        $this->enqueue(1, 'emails', static fn(): SleepJob => (new SleepJob(0.0))->delay(2));
        $this->waitUntilAllJobsAreDone($manager);

        [$done] = $this->records()->of(RecordKind::JobFinished);
        [$queued] = $this->records()->of(RecordKind::JobQueued);
        self::assertGreaterThan(1.0, $done['at'] - $queued['at']);
    }

    public function test_odd_names_of_queues_are_worked_like_any_other(): void
    {
        $manager = $this->startManager();

        foreach (['-dash', 'two words', 'ünïcödé', '100%*', "it's;here", '{a}/b'] as $queue) {
            $this->enqueue(1, $queue, static fn(): SleepJob => new SleepJob(0.0));
        }

        $this->waitUntilAllJobsAreDone($manager);
        self::assertCount(6, $this->records()->of(RecordKind::JobFinished));
    }

    public function test_a_job_that_fails_at_first_is_tried_again(): void
    {
        $manager = $this->startManager();
        $this->enqueue(3, 'emails', static fn(): FailingJob => new FailingJob(1));

        $this->waitUntilAllJobsAreDone($manager);

        $attempts = array_column($this->records()->of(RecordKind::JobFinished), 'attempt');
        self::assertSame([2, 2, 2], $attempts);
    }
}
