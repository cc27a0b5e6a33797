<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Workers;

use Closure;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Contracts\Queue\Job;
use Illuminate\Queue\Events\JobAttempted;
use Illuminate\Queue\Events\JobExceptionOccurred;
use Illuminate\Queue\Events\JobPopped;
use Illuminate\Queue\Events\JobPopping;
use Illuminate\Queue\Events\JobReleasedAfterException;
use Illuminate\Queue\Events\JobTimedOut;
use Illuminate\Queue\Events\Looping;
use Illuminate\Queue\Events\WorkerStarting;
use Illuminate\Queue\MaxAttemptsExceededException;
use Illuminate\Queue\Worker;
use Throwable;

/**
 * Sits inside a `queue:work` that a supervisor started: tells what the worker does, and lets it leave after its job once
 * the supervisor's process is gone.
 *
 * The worker is busy from the pop that gave it a job until it looks for the next one: what other packages do around a job
 * takes its time as the job does.
 *
 * @internal
 */
final class WorkerListener
{
    private bool $loopIsUp = false;

    /** The worker's own job, until the next look for one. */
    private ?Job $job = null;

    private int $jobStartedAt = 0;

    private bool $hasThrown = false;

    private ?int $releaseDelaySeconds = null;

    private function __construct(
        private readonly Application $app,
        private readonly StatusPipe $pipe,
        private readonly int $managerPid,
    ) {
    }

    /** Does nothing in any process but a supervisor's worker. */
    public static function register(Application $app): void
    {
        $pipe = StatusPipe::inherited();

        if ($pipe === null) {
            return;
        }

        // PHP ends a script that prints to a broken pipe; a job must outlive whoever read its output.
        ignore_user_abort(true);

        $listener = new self($app, $pipe, posix_getppid());

        // After all providers, so that none can listen before it.
        $app->booted(static fn() => $listener->listen($app->make(Dispatcher::class)));
    }

    private function listen(Dispatcher $events): void
    {
        // Not every Laravel that is supported raises it; where it is not, the first look comes as early.
        $this->listenFirst($events, WorkerStarting::class, fn() => $this->loopIsUp());
        $this->listenFirst($events, Looping::class, fn(): ?bool => $this->looping());
        $this->listenFirst($events, JobPopping::class, fn() => $this->looksForJob());
        // Older Laravels raise it without a job as well.
        $this->listenFirst($events, JobPopped::class, fn(JobPopped $event) => $event->job === null ? null : $this->jobStarts($event->job));
        $this->listenFirst(
            $events,
            JobExceptionOccurred::class,
            fn(JobExceptionOccurred $event) => $this->jobThrew($event->job, $event->exception),
        );
        $this->listenFirst(
            $events,
            JobReleasedAfterException::class,
            fn(JobReleasedAfterException $event) => $this->jobIsReleased($event),
        );
        $this->listenFirst($events, JobTimedOut::class, fn(JobTimedOut $event) => $this->jobTimedOut($event->job));
        $this->listenFirst($events, JobAttempted::class, fn(JobAttempted $event) => $this->jobEnded($event->job));
    }

    /**
     * Listens before all others: one that throws, as where its Redis is away, would keep the event from those behind it, and
     * one that takes long would have the worker look idle meanwhile.
     */
    private function listenFirst(Dispatcher $events, string $event, Closure $listener): void
    {
        $others = method_exists($events, 'getRawListeners') ? $events->getRawListeners()[$event] ?? [] : [];

        if ($others !== []) {
            $events->forget($event);
        }

        foreach ([$listener, ...$others] as $each) {
            $events->listen($event, $each);
        }
    }

    private function loopIsUp(): void
    {
        if (! $this->loopIsUp) {
            $this->loopIsUp = true;
            $this->pipe->loopIsUp();
        }
    }

    /** @return false|null false keeps the worker from taking a job */
    private function looping(): ?bool
    {
        $this->loopIsUp();

        if (posix_getppid() === $this->managerPid) {
            return null;
        }

        // Linux told the worker by a signal already. Other systems do not, and a signal can be lost while PHP starts.
        $worker = $this->app->make('queue.worker');
        assert($worker instanceof Worker);
        $worker->shouldQuit = true;

        return false;
    }

    private function looksForJob(): void
    {
        if ($this->job !== null) {
            $this->job = null;
            $this->pipe->looksForJob(hrtime(true) - $this->jobStartedAt);
        }
    }

    private function jobStarts(Job $job): void
    {
        $queued = QueuedJob::of($job);
        $pickupMicroseconds = $queued->pickupMicroseconds(microtime(true));

        $this->job = $job;
        $this->hasThrown = false;
        $this->releaseDelaySeconds = null;
        $this->jobStartedAt = hrtime(true);
        $this->pipe->jobStarts($job->timeout(), $queued->number(), $pickupMicroseconds);
    }

    private function jobThrew(Job $job, Throwable $exception): void
    {
        // That a job has had its tries says nothing of the attempt that was not made.
        if ($this->job === $job) {
            $this->hasThrown = ! $exception instanceof MaxAttemptsExceededException;
        }
    }

    private function jobIsReleased(JobReleasedAfterException $event): void
    {
        // Older versions of Laravel do not tell for how long.
        $delay = $event->backoff ?? null;

        if ($this->job === $event->job && is_numeric($delay)) {
            $this->releaseDelaySeconds = max(0, (int) $delay);
        }
    }

    private function jobTimedOut(Job $job): void
    {
        if ($this->job === $job) {
            $this->pipe->jobTimedOut($job->hasFailed());
        }
    }

    /** Jobs that a job runs in place raise the same event. */
    private function jobEnded(Job $job): void
    {
        if ($this->job === $job) {
            $nanoseconds = hrtime(true) - $this->jobStartedAt;
            $this->pipe->jobEnded($nanoseconds, AttemptOutcome::of($job, $this->hasThrown), $this->releaseDelaySeconds);
        }
    }
}
