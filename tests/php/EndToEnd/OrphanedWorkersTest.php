<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\ShellJob;
use App\Jobs\SleepJob;
use App\Records\RecordKind;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\Attributes\RequiresOperatingSystemFamily;
use QueueAutoscale\Tests\Support\Processes;

/** A manager is killed while a job runs that hears no signal; another one comes after it. */
#[RequiresOperatingSystemFamily('Linux')]
#[Group('binding')]
final class OrphanedWorkersTest extends EndToEndTestCase
{
    public function test_the_next_manager_tells_of_them_counts_them_and_ends_them_when_their_time_is_over(): void
    {
        // A shell that a job waits for keeps PHP from hearing the signal, and the alarm of the time-out.
        $configuration = ['queues' => ['emails' => ['max_workers' => 1, 'workers' => ['timeout' => 1, 'tries' => 1]]]];
        $this->enqueue(1, 'emails', static fn(): ShellJob => new ShellJob('sleep 600'));
        $killed = $this->startManager($configuration);
        $this->waitUntilJobsRun(1, $killed);
        [$orphan] = $this->workers();
        $killed->kill();

        $manager = $this->startManager($configuration);
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.01));
        $this->waitUntil(
            static fn(): bool => preg_match("/orphan_found .*queues=emails .*pid={$orphan} /", $manager->output()) === 1,
            'the orphan to be told of',
            $manager,
        );
        $isShown = fn(): bool => str_contains($this->whatStatusTells(), 'database:emails: 1 of its workers left behind');
        $this->waitUntil($isShown, 'the status to show it', $manager);
        self::assertSame([$orphan], $this->workers());
        self::assertCount(1, $this->records()->of(RecordKind::WorkerStarted));

        $this->waitUntil(static fn(): bool => ! Processes::isAlive($orphan), 'the orphan to be ended', $manager);
        $this->waitUntil(fn(): bool => $this->records()->of(RecordKind::JobFinished) !== [], 'the next job to be done', $manager);
        self::assertMatchesRegularExpression("/worker_killed .*pid={$orphan} reason=orphaned/", $manager->output());
    }

    private function whatStatusTells(): string
    {
        $status = $this->startArtisan(['queue:autoscale:status']);
        $status->exitCode();

        return $status->output();
    }
}
