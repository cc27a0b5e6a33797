<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\RecordedJob;
use App\Records\RecordKind;
use Closure;
use QueueAutoscale\Tests\Support\ApplicationTestCase;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Processes;
use QueueAutoscale\Tests\Support\Wait;

/** Runs queue:autoscale as a process of its own, with real workers on a real queue. */
abstract class EndToEndTestCase extends ApplicationTestCase
{
    /** Long for what takes a second or two, so that a busy machine fails no test. */
    protected const PATIENCE_SECONDS = 60.0;

    protected string $connection = 'database';

    /** @var list<Artisan> */
    private array $started = [];

    protected function tearDown(): void
    {
        foreach ($this->started as $process) {
            $process->kill();
        }

        foreach (Processes::workersOf($this->folder) as $pid) {
            posix_kill($pid, SIGKILL);
        }

        parent::tearDown();
    }

    protected function environment(): array
    {
        return [
            ...parent::environment(),
            'QUEUE_CONNECTION' => $this->connection,
            // Jobs of killed workers are to come back while a test waits for them.
            'QUEUE_RETRY_AFTER' => '3',
        ];
    }

    /**
     * @param array<string, mixed> $configuration in place of the same keys of the application's own
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @param list<string> $wrapper a program that runs the rest of the command line
     */
    final protected function startManager(
        array $configuration = [],
        array $arguments = [],
        array $environment = [],
        array $wrapper = [],
    ): Artisan {
        // All workers are to be those of the test's own jobs.
        $configuration = array_replace_recursive(['queues' => ['default' => ['min_workers' => 0]]], $configuration);

        return $this->startArtisan(
            ['queue:autoscale', '--interval=0.5', ...$arguments],
            ['QUEUE_AUTOSCALE_OVERRIDES' => json_encode($configuration, JSON_THROW_ON_ERROR), ...$environment],
            $wrapper,
        );
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @param list<string> $wrapper
     */
    final protected function startArtisan(array $arguments, array $environment = [], array $wrapper = []): Artisan
    {
        return $this->started[] = Artisan::start($arguments, $this->folder, [...$this->environment(), ...$environment], $wrapper);
    }

    /** @param list<string> $arguments */
    final protected function startScript(string $script, array $arguments): Artisan
    {
        return $this->started[] = Artisan::startScript($script, $arguments, $this->folder, $this->environment());
    }

    /** @param Closure(): RecordedJob $job */
    final protected function enqueue(int $count, string $queue, Closure $job): void
    {
        for ($number = 0; $number < $count; $number++) {
            $job()->enqueue($queue, $this->connection);
        }
    }

    final protected function waitUntil(Closure $condition, string $what, ?Artisan $manager = null): void
    {
        Wait::until($condition, self::PATIENCE_SECONDS, fn(): string => "{$what}\n{$manager?->output()}");
    }

    final protected function waitUntilAllJobsAreDone(Artisan $manager): void
    {
        $this->waitUntil(fn(): bool => $this->unfinishedJobs() === [], 'all jobs to be done', $manager);
    }

    final protected function waitUntilJobsRun(int $count, Artisan $manager): void
    {
        $this->waitUntil(fn(): bool => count($this->runningJobs()) >= $count, "{$count} jobs to run at once", $manager);
    }

    /** @return list<string> the ids of queued jobs that were not done */
    final protected function unfinishedJobs(): array
    {
        $done = array_column($this->records()->of(RecordKind::JobFinished), 'job');

        return array_values(array_diff(array_column($this->records()->of(RecordKind::JobQueued), 'job'), $done));
    }

    /** @return array<string, int> the process ids of workers, by the id of the job that each has started and not ended */
    final protected function runningJobs(): array
    {
        $running = [];

        foreach ($this->records()->all() as $record) {
            if ($record['kind'] === RecordKind::JobStarted->value) {
                $running[$record['job']] = $record['pid'];
            } elseif ($record['kind'] === RecordKind::JobFinished->value) {
                unset($running[$record['job']]);
            }
        }

        return array_filter($running, Processes::isAlive(...));
    }

    /** @return list<int> */
    final protected function workers(): array
    {
        return Processes::workersOf($this->folder);
    }
}
