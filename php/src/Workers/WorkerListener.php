<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Workers;

use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Contracts\Queue\Job;
use Illuminate\Queue\Events\JobAttempted;
use Illuminate\Queue\Events\JobProcessing;
use Illuminate\Queue\Events\Looping;
use Illuminate\Queue\Worker;

/**
 * Sits inside a `queue:work` that a supervisor started: tells what the worker does, and lets it leave after its job once
 * the supervisor's process is gone.
 *
 * @internal
 */
final class WorkerListener
{
    private bool $loopIsUp = false;

    private ?Job $job = null;

    private int $jobStartedAt = 0;

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

        (new self($app, $pipe, posix_getppid()))->listen($app->make(Dispatcher::class));
    }

    private function listen(Dispatcher $events): void
    {
        $events->listen(Looping::class, fn(): ?bool => $this->looping());
        $events->listen(JobProcessing::class, fn(JobProcessing $event) => $this->jobStarts($event->job));
        $events->listen(JobAttempted::class, fn(JobAttempted $event) => $this->jobEnded($event->job));
    }

    /** @return false|null false keeps the worker from taking a job */
    private function looping(): ?bool
    {
        if (! $this->loopIsUp) {
            $this->loopIsUp = true;
            $this->pipe->loopIsUp();
        }

        if (posix_getppid() === $this->managerPid) {
            return null;
        }

        // Linux told the worker by a signal already. Other systems do not, and a signal can be lost while PHP starts.
        $worker = $this->app->make('queue.worker');
        assert($worker instanceof Worker);
        $worker->shouldQuit = true;

        return false;
    }

    /** Jobs that a job runs in place raise the same events; the worker's own is the outermost. */
    private function jobStarts(Job $job): void
    {
        if ($this->job !== null) {
            return;
        }

        $this->job = $job;
        $this->jobStartedAt = hrtime(true);
        $this->pipe->jobStarts($job->timeout());
    }

    private function jobEnded(Job $job): void
    {
        if ($this->job !== $job) {
            return;
        }

        $this->job = null;
        $this->pipe->jobEnded(hrtime(true) - $this->jobStartedAt);
    }
}
