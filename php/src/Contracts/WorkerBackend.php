<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * Whoever runs the workers: the manager decides how many each pool needs, and a back end sees to it.
 *
 * `backend` in the configuration names it: `local`, `kubernetes`, `external`, or a class, which the container resolves once
 * for the manager's whole life. Where the workers are not processes of this host, extend
 * {@see \QueueAutoscale\Laravel\Backends\RemoteBackend}, which leaves two methods to write.
 *
 * What pools() or scale() throws is reported with its message, and the workers stay as they are. Neither may wait for
 * long: while they do, signals are not answered.
 */
interface WorkerBackend
{
    /**
     * What is known of each pool's workers, for ScalingEngine::observe(). Asked once a turn, before scale().
     *
     * A pool without a row is one that has no worker here. A number that a row leaves out is 0, a measurement unknown:
     *
     * - starting: not yet looking for jobs; idle; busy; unknown: running, whether in a job or not cannot be said
     * - draining: on their way out, and taking no new job
     * - backing_off: places that cannot be filled just now, but will be
     * - boot_seconds: measured time from asking for a worker to its first look for a job
     *
     * @return array<string, array{connection: string, queues: string, starting?: int, idle?: int, busy?: int, unknown?: int,
     *         draining?: int, backing_off?: int, boot_seconds?: ?float, ...}> by "connection:queues"
     */
    public function pools(): array;

    /**
     * Starts or stops workers of one pool until $targetWorkers of them run, and returns without waiting for them. Asked once
     * a turn for each pool, also where nothing changes.
     *
     * @param string $queues the queue, or the queues of a group in priority order, as --queue= gets them
     * @param int<0, max> $targetWorkers
     */
    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome;

    /**
     * Scales a decision's pool to its target. Where the back end hears when a worker finds no job, those may leave until the
     * next decision, down to the decision's idleFloorWorkers; elsewhere it is scale() alone.
     */
    public function carryOut(ScalingDecision $decision): ScaleOutcome;

    /**
     * Watches over the workers for $seconds. Returns earlier when something happened that must be known at once, or when a
     * signal came.
     *
     * @return list<array{type: string, ...}> what happened, as WorkerSupervisor::supervise() tells it
     */
    public function supervise(float $seconds): array;

    /** Whether a signal asked the manager to end. */
    public function stopRequested(): bool;

    /** Whether a signal asked for no scaling, until another one allows it again. */
    public function paused(): bool;

    /** What the workers' machines have and use; null where it is not the manager's to bound them. */
    public function capacity(): ?HostCapacity;

    /** Whether each line that a worker writes is told as an event. */
    public function tellOutput(bool $tells): void;

    /** How many workers end with the manager; 0 where they live on without it. */
    public function workersThatEndWithManager(): int;

    /**
     * Ends the workers that end with the manager, and waits until the last one is gone.
     *
     * @return list<array{type: string, ...}> what happened meanwhile
     */
    public function shutdown(): array;
}
