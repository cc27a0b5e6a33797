<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\Ending;
use App\Jobs\EndingJob;
use App\Jobs\FailingJob;
use App\Jobs\PrintingJob;
use App\Jobs\RecordedJob;
use App\Jobs\ShellJob;
use App\Jobs\SleepJob;
use App\Records\RecordKind;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Processes;

/** What a real queue:work tells the supervisor that started it, and how it fares when that is gone. */
final class WorkerListenerTest extends EndToEndTestCase
{
    private const STATUS_FD = 3;

    public function test_it_tells_when_its_loop_is_up_and_when_jobs_start_and_end(): void
    {
        $this->enqueue(2, 'emails', static fn(): SleepJob => new SleepJob(0.05));

        self::assertMatchesRegularExpression('/^1R(\d+P\d+JBD\d+I\d+L){2}$/', $this->statusOfWorker());
    }

    public function test_it_tells_how_long_a_job_took(): void
    {
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.2));

        sscanf($this->statusOfWorker(), '1R%dP%dJBD%dI', $pickup, $number, $microseconds);

        self::assertGreaterThanOrEqual(200_000, $microseconds);
        self::assertLessThan(5_000_000, $microseconds);
    }

    public function test_what_other_listeners_do_around_a_job_is_the_workers_time(): void
    {
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.05));

        $status = $this->statusOfWorker(environment: ['SLOW_LISTENERS_MS' => '100']);
        sscanf($status, '1R%dP%dJBD%dI%dL', $pickup, $number, $job, $untilNextLook);

        self::assertGreaterThanOrEqual(450_000, $untilNextLook);
        self::assertLessThan($untilNextLook, $job);
    }

    public function test_it_is_heard_although_other_listeners_throw(): void
    {
        self::assertSame('1R', $this->statusOfWorker(environment: ['THROWING_LISTENERS' => '1']));
    }

    public function test_it_tells_a_timeout_that_is_the_jobs_own(): void
    {
        $this->enqueue(1, 'emails', static function (): SleepJob {
            $job = new SleepJob(0.01);
            $job->timeout = 120;

            return $job;
        });

        self::assertMatchesRegularExpression('/^1R\d+P\d+J120B/', $this->statusOfWorker());
    }

    public function test_a_job_that_fails_has_ended_too(): void
    {
        $this->enqueue(1, 'emails', static fn(): FailingJob => new FailingJob(1));

        self::assertMatchesRegularExpression('/^1R\d+P(\d+)JB0E\d+I\d+L(\d+P)?\1JBD\d+I\d+L$/', $this->statusOfWorker(['--tries=2']));
    }

    public function test_it_tells_what_became_of_an_attempt(): void
    {
        $this->enqueue(1, 'emails', static fn(): EndingJob => new EndingJob(Ending::Throws));
        self::assertMatchesRegularExpression('/F\d+I\d+L$/', $this->statusOfWorker());

        $this->enqueue(1, 'emails', static fn(): EndingJob => new EndingJob(Ending::FailsItself));
        self::assertMatchesRegularExpression('/G\d+I\d+L$/', $this->statusOfWorker());

        $this->enqueue(1, 'emails', static fn(): EndingJob => new EndingJob(Ending::IsReleased));
        self::assertMatchesRegularExpression('/W\d+I\d+L$/', $this->statusOfWorker());

        $this->enqueue(1, 'emails', static fn(): EndingJob => new EndingJob(Ending::RunsAnotherThatThrows));
        self::assertMatchesRegularExpression('/^1R\d+P\d+JBD\d+I\d+L$/', $this->statusOfWorker());

        $this->enqueue(1, 'emails', static function (): EndingJob {
            $job = new EndingJob(Ending::RunsOutOfTime);
            $job->timeout = 1;

            return $job;
        });
        self::assertStringEndsWith('B1T', $this->statusOfWorker());
    }

    public function test_a_delay_is_no_wait(): void
    {
        $this->enqueue(1, 'emails', static fn(): RecordedJob => (new SleepJob(0.01))->delay(2));
        [$worker, $status] = $this->startProcess([PHP_BINARY, ...$this->workerCommand(), '--max-jobs=1']);

        sscanf((string) stream_get_contents($status), '1R%dP', $pickup);
        proc_close($worker);

        self::assertLessThan(2_000_000, $pickup);
    }

    public function test_programs_that_a_job_runs_do_not_speak_for_the_worker(): void
    {
        $file = "{$this->folder->path}/environment";
        $this->enqueue(1, 'emails', static fn(): ShellJob => new ShellJob("env > {$file}"));

        $this->statusOfWorker();

        self::assertStringContainsString('LARAVEL_STORAGE_PATH', (string) file_get_contents($file));
        self::assertStringNotContainsString('QUEUE_AUTOSCALE_STATUS_FD', (string) file_get_contents($file));
    }

    public function test_losing_the_pipe_does_not_disturb_it(): void
    {
        $this->enqueue(3, 'emails', static fn(): SleepJob => new SleepJob(0.05));
        [$worker, $status] = $this->startWorker();
        fclose($status);

        self::assertSame(0, proc_close($worker));
        self::assertSame([], $this->unfinishedJobs());
    }

    public function test_it_leaves_when_its_parent_is_gone_without_a_signal(): void
    {
        [$parent, $status, $keepsParent] = $this->startProcess(
            ['sh', '-c', '"$0" "$@" & read -r line', PHP_BINARY, ...$this->workerCommand()],
        );
        self::assertSame('1R', fread($status, 2));
        $worker = $this->workers()[0];

        fclose($keepsParent);
        proc_close($parent);

        $this->waitUntil(static fn(): bool => ! Processes::isAlive($worker), 'the worker to leave');
    }

    public function test_a_job_that_prints_outlives_the_manager_that_read_its_output(): void
    {
        $manager = $this->startManager(['queues' => ['emails' => ['min_workers' => 1]]]);
        $this->enqueue(1, 'emails', static fn(): RecordedJob => new PrintingJob(1.0));
        $this->waitUntilJobsRun(1, $manager);

        $manager->signal(SIGKILL);

        $this->waitUntil(fn(): bool => $this->workers() === [], 'the worker to leave');
        self::assertSame([], $this->unfinishedJobs());
        self::assertCount(1, $this->records()->of(RecordKind::JobStarted));
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     */
    private function statusOfWorker(array $arguments = [], array $environment = []): string
    {
        [$worker, $status] = $this->startWorker($arguments, $environment);
        $said = (string) stream_get_contents($status);
        proc_close($worker);

        return $said;
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @return array{resource, resource, resource} the process, its status pipe, its input
     */
    private function startWorker(array $arguments = [], array $environment = []): array
    {
        return $this->startProcess([PHP_BINARY, ...$this->workerCommand(), '--stop-when-empty', ...$arguments], $environment);
    }

    /** @return list<string> */
    private function workerCommand(): array
    {
        return [Artisan::APPLICATION . '/artisan', 'queue:work', $this->connection, '--queue=emails', '--sleep=0.05'];
    }

    /**
     * @param list<string> $command
     * @param array<string, string> $environment
     * @return array{resource, resource, resource}
     */
    private function startProcess(array $command, array $environment = []): array
    {
        $process = proc_open(
            $command,
            [['pipe', 'r'], ['file', '/dev/null', 'w'], ['redirect', 1], self::STATUS_FD => ['pipe', 'w']],
            $pipes,
            null,
            [...getenv(), ...$this->environment(), ...$environment, 'QUEUE_AUTOSCALE_STATUS_FD' => (string) self::STATUS_FD],
        );
        self::assertIsResource($process);

        return [$process, $pipes[self::STATUS_FD], $pipes[0]];
    }
}
