<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Exception\SupervisorException;
use QueueAutoscale\Native\Failure;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Library;

/** Starts, watches and stops the queue:work processes. A process has one supervisor at most. */
final class WorkerSupervisor
{
    /** Most workers that the library can count. */
    private const MAX_WORKERS = 4_294_967_295;

    private readonly Handle $handle;

    /** @throws SupervisorException where this process has a supervisor already */
    public function __construct(Configuration $configuration)
    {
        $this->handle = Library::get()->make('qa_supervisor', Handle::of($configuration));
    }

    /**
     * From now on workers carry the application's mark, by which a later manager finds those that this one leaves behind when it is
     * killed. Those that an earlier one has left are taken in: each fills a place of its pool, and is ended when the time of its
     * job is over. Only Linux tells of them.
     *
     * @param string $application what names the application on this host
     * @throws SupervisorException in a fork of the process that made the supervisor
     */
    public function adopt(string $application): void
    {
        $this->call('qa_supervisor_adopt', $application, strlen($application));
    }

    /** Whether each line that a worker writes is told as an event. */
    public function tellOutput(bool $tells): void
    {
        $this->call('qa_supervisor_tell_output', $tells);
    }

    /**
     * Starts or stops workers until as many run as was decided. Returns at once. Until supervise() has lasted for all of its
     * time, workers that find no job leave by themselves, down to the decision's idle floor, once as many jobs were started
     * as were pending.
     *
     * @return array{started: int, stopped: int, backing_off: int}
     * @throws SupervisorException once the shutdown has begun
     */
    public function scale(ScalingDecision $decision): array
    {
        return $this->scaleTo(
            $decision->connection,
            $decision->queues,
            $decision->targetWorkers,
            $decision->idleFloorWorkers,
            $decision->pending,
        );
    }

    /**
     * Starts or stops workers of one pool until $target of them run. Returns at once.
     *
     * @return array{started: int, stopped: int, backing_off: int}
     * @throws SupervisorException once the shutdown has begun
     * @throws InvalidArgument for a negative number
     */
    public function scalePool(string $connection, string $queues, int $target): array
    {
        self::expectWorkers('target', $target);

        return $this->scaleTo($connection, $queues, $target, $target, 0);
    }

    /**
     * Lets workers of one pool that find no job leave by themselves while there are more than $idleFloor, until supervise()
     * has lasted for all of its time: as scale() does, but nobody is started or asked to leave.
     *
     * @throws InvalidArgument for a negative number
     */
    public function letIdleLeave(string $connection, string $queues, int $idleFloor): void
    {
        self::expectWorkers('idleFloor', $idleFloor);
        $this->call('qa_supervisor_let_idle_leave', $connection, strlen($connection), $queues, strlen($queues), $idleFloor);
    }

    /**
     * An outage is over that began less than $seconds ago, of a server that workers need. Those that back off since they failed
     * within that time are started by the next supervise(), and these failures count no more.
     *
     * @throws InvalidArgument for a negative time
     */
    public function endBackOff(float $seconds): void
    {
        $this->call('qa_supervisor_end_back_off', $seconds);
    }

    /**
     * Watches over all workers for $seconds. Returns earlier when something happened that must be known at once, or when a
     * signal came.
     *
     * @return list<array{type: string, ...}> what happened
     * @throws SupervisorException in a fork of the process that made the supervisor
     * @throws InvalidArgument for a negative time
     */
    public function supervise(float $seconds): array
    {
        return $this->call('qa_supervisor_supervise', $seconds);
    }

    /** @return array<string, array<string, mixed>> what is known of each pool's workers, by "connection:queues" */
    public function pools(): array
    {
        $pools = [];

        foreach ($this->call('qa_supervisor_pools') as $pool) {
            $pools["{$pool['connection']}:{$pool['queues']}"] = $pool;
        }

        return $pools;
    }

    /** @return list<array<string, mixed>> what is known of each worker */
    public function workers(): array
    {
        return $this->call('qa_supervisor_workers');
    }

    /** Whether a signal asked the manager to end. */
    public function stopRequested(): bool
    {
        return $this->stopSignal() !== null;
    }

    /** The signal that did; null if none came. */
    public function stopSignal(): ?int
    {
        return $this->call('qa_supervisor_state')['stop_requested'];
    }

    /** Whether SIGUSR2 asked for no scaling, and no SIGCONT came since. */
    public function paused(): bool
    {
        return $this->call('qa_supervisor_state')['paused'];
    }

    /**
     * Asks all workers to leave, and returns at once; supervise() sees to it that they do.
     *
     * @throws SupervisorException in a fork of the process that made the supervisor
     */
    public function beginShutdown(): void
    {
        $this->call('qa_supervisor_begin_shutdown');
    }

    /**
     * Ends all workers, those that do not leave in time by SIGKILL, and waits until the last one is gone.
     *
     * @return array{workers: int, killed: int, seconds: float, events: list<array{type: string, ...}>}
     * @throws SupervisorException in a fork of the process that made the supervisor
     */
    public function shutdown(): array
    {
        return $this->call('qa_supervisor_shutdown');
    }

    /**
     * Kills all workers, and all that they have spawned, now.
     *
     * @throws SupervisorException in a fork of the process that made the supervisor
     */
    public function killAll(): void
    {
        $this->call('qa_supervisor_kill_all');
    }

    private static function expectWorkers(string $argument, int $count): void
    {
        if ($count < 0 || $count > self::MAX_WORKERS) {
            throw Failure::argument("\${$argument}: {$count} where a number of workers was expected");
        }
    }

    /** @return array{started: int, stopped: int, backing_off: int} */
    private function scaleTo(string $connection, string $queues, int $target, int $idleFloor, int $waiting): array
    {
        return $this->call(
            'qa_supervisor_scale',
            $connection,
            strlen($connection),
            $queues,
            strlen($queues),
            $target,
            $idleFloor,
            $waiting,
        );
    }

    private function call(string $function, string|int|float|bool ...$arguments): mixed
    {
        return Library::get()->call($function, $this->handle->pointer, ...$arguments);
    }
}
