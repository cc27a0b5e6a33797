<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use PHPUnit\Framework\Attributes\Group;

#[Group('binding')]
final class RunningTest extends EndToEndTestCase
{
    public function test_a_group_is_one_set_of_workers_that_prefers_its_first_queue(): void
    {
        $this->enqueue(10, 'low', static fn(): SleepJob => new SleepJob(0.1));
        $this->enqueue(10, 'high', static fn(): SleepJob => new SleepJob(0.1));

        $manager = $this->startManager(['groups' => ['web' => ['queues' => ['high', 'low'], 'max_workers' => 1]]]);
        $this->waitUntilAllJobsAreDone($manager);

        $queues = array_column($this->records()->of(RecordKind::JobFinished), 'queue');
        self::assertSame([...array_fill(0, 10, 'high'), ...array_fill(0, 10, 'low')], $queues);
        self::assertSame(['high,low'], array_unique(array_column($this->records()->of(RecordKind::WorkerStarted), 'queues')));
    }

    public function test_options_of_a_queues_workers_reach_queue_work(): void
    {
        $manager = $this->startManager(['queues' => ['emails' => [
            'min_workers' => 1,
            'workers' => ['tries' => 7, 'timeout' => 2, 'memory' => 99, 'options' => ['--force'], 'environment' => ['COLOUR' => 'blue']],
        ]]]);
        $this->waitUntil(fn(): bool => $this->workers() !== [], 'a worker', $manager);

        [$pid] = $this->workers();
        $command = explode("\0", (string) file_get_contents("/proc/{$pid}/cmdline"));
        $environment = explode("\0", (string) file_get_contents("/proc/{$pid}/environ"));
        foreach (['database', '--queue=emails', '--tries=7', '--timeout=2', '--memory=99', '--force'] as $argument) {
            self::assertContains($argument, $command);
        }
        self::assertContains('COLOUR=blue', $environment);
    }

    public function test_paused_it_starts_no_worker_until_it_is_to_go_on(): void
    {
        $manager = $this->startManager();
        $this->waitUntil(static fn(): bool => str_contains($manager->output(), 'started'), 'the start', $manager);
        $this->enqueue(1, 'warm-up', static fn(): SleepJob => new SleepJob(0.0));
        $this->waitUntilAllJobsAreDone($manager);

        $manager->signal(SIGUSR2);
        $this->waitUntil(static fn(): bool => str_contains($manager->output(), 'paused'), 'the pause', $manager);
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.0));
        $this->waitUntil(
            static fn(): bool => preg_match('/queue=database:emails workers=0->0 .*scaling is paused/', $manager->output()) === 1,
            'a decision about the new queue',
            $manager,
        );
        self::assertNotSame([], $this->unfinishedJobs());

        $manager->signal(SIGCONT);
        $this->waitUntilAllJobsAreDone($manager);
    }

    public function test_jobs_are_not_echoed_unless_asked_for(): void
    {
        $quiet = $this->startManager();
        $this->enqueue(3, 'emails', static fn(): SleepJob => new SleepJob(0.0));
        $this->waitUntilAllJobsAreDone($quiet);
        $quiet->signal(SIGTERM);
        self::assertSame(0, $quiet->exitCode());
        self::assertStringNotContainsString('SleepJob', $quiet->output());

        $loud = $this->startManager(arguments: ['-vv']);
        $this->enqueue(3, 'emails', static fn(): SleepJob => new SleepJob(0.0));
        $this->waitUntilAllJobsAreDone($loud);
        $this->waitUntil(static fn(): bool => str_contains($loud->output(), 'SleepJob'), "the workers' output", $loud);
    }

    public function test_status_tells_what_the_running_manager_sees(): void
    {
        $manager = $this->startManager(['queues' => ['emails' => ['min_workers' => 1]]]);
        $this->waitUntil(fn(): bool => $this->workers() !== [], 'a worker', $manager);
        $this->waitUntil(
            fn(): bool => $this->startArtisan(['queue:autoscale:status'])->exitCode() === 0,
            'the status',
            $manager,
        );

        $status = $this->startArtisan(['queue:autoscale:status']);
        self::assertSame(0, $status->exitCode());
        self::assertStringContainsString("process {$manager->pid()}", $status->output());
        self::assertStringContainsString('database:emails', $status->output());

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
        self::assertSame(1, $this->startArtisan(['queue:autoscale:status'])->exitCode());
    }

    public function test_once_takes_one_turn_and_ends_in_order(): void
    {
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.0));

        $manager = $this->startManager(arguments: ['--once']);

        self::assertSame(0, $manager->exitCode());
        self::assertStringContainsString('one turn was asked for', $manager->output());
        self::assertSame([], $this->workers());
    }
}
