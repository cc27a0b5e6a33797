<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use QueueAutoscale\Tests\Support\Artisan;

#[Group('binding')]
final class StoppingTest extends EndToEndTestCase
{
    /** @return array<string, array{int}> */
    public static function signals(): array
    {
        return ['SIGTERM' => [SIGTERM], 'SIGINT' => [SIGINT]];
    }

    #[DataProvider('signals')]
    public function test_a_signal_ends_the_manager_when_the_running_jobs_are_done(int $signal): void
    {
        $manager = $this->managerUnderLoad();

        $manager->signal($signal);

        self::assertSame(0, $manager->exitCode());
        self::assertSame([], $this->workers());
        $this->assertNoJobWasCut();
    }

    public function test_workers_of_a_killed_manager_finish_their_jobs_and_leave(): void
    {
        $manager = $this->managerUnderLoad();

        $manager->signal(SIGKILL);

        $this->waitUntil(fn(): bool => $this->workers() === [], 'the workers to leave', $manager);
        $this->assertNoJobWasCut();
    }

    public function test_a_new_manager_can_start_while_workers_of_a_killed_one_still_finish_their_jobs(): void
    {
        $configuration = ['queues' => ['emails' => ['min_workers' => 1]], 'workers' => ['timeout' => 60]];
        // The job must not come back while it still runs.
        $environment = ['QUEUE_RETRY_AFTER' => '60'];
        $first = $this->startManager($configuration, environment: $environment);
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(5.0));
        $this->waitUntilJobsRun(1, $first);
        [$worker] = array_values($this->runningJobs());

        $first->signal(SIGKILL);
        $second = $this->startManager($configuration, environment: $environment);
        $this->waitUntil(
            fn(): bool => array_diff($this->workers(), [$worker]) !== [],
            'a worker of the new manager',
            $second,
        );

        $this->waitUntil(fn(): bool => ! in_array($worker, $this->workers(), true), 'the old worker to leave', $second);
        $this->assertNoJobWasCut();
    }

    public function test_a_restart_ends_the_manager_in_order(): void
    {
        foreach (['queue:restart', 'queue:autoscale:restart'] as $command) {
            $manager = $this->managerUnderLoad();

            self::assertSame(0, $this->startArtisan([$command])->exitCode());

            self::assertSame(0, $manager->exitCode(), $manager->output());
            self::assertSame([], $this->workers());
            $this->assertNoJobWasCut();
        }
    }

    private function managerUnderLoad(): Artisan
    {
        $manager = $this->startManager(['queues' => ['emails' => ['min_workers' => 2]]]);
        $this->enqueue(40, 'emails', static fn(): SleepJob => new SleepJob(0.5));
        $this->waitUntilJobsRun(2, $manager);

        return $manager;
    }

    private function assertNoJobWasCut(): void
    {
        self::assertEqualsCanonicalizing(
            array_column($this->records()->of(RecordKind::JobStarted), 'job'),
            array_column($this->records()->of(RecordKind::JobFinished), 'job'),
        );
    }
}
