<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

/**
 * A back end that hears when a worker finds no job. Among several hosts it lets those that nobody needs leave before the next
 * decision; other back ends keep their share of workers.
 */
interface LetsIdleWorkersLeave
{
    /**
     * From now on, until supervise() has lasted for all of its time, workers of one pool that find no job leave by themselves while
     * there are more than $idleFloorWorkers. Starts and stops nobody.
     *
     * @param string $queues the queue, or the queues of a group in priority order
     * @param int<0, max> $idleFloorWorkers
     */
    public function letIdleLeave(string $connection, string $queues, int $idleFloorWorkers): void;
}
