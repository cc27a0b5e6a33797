<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\ScaleOutcome;
use Throwable;

/**
 * Has the back end start and stop workers. A pool that cannot be scaled is reported and keeps no other one from it.
 *
 * @internal
 */
final class WorkerScaler
{
    public function __construct(
        private readonly WorkerBackend $backend,
        private readonly Problems $problems,
    ) {
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        $problem = "workers of {$connection}:{$queues}";

        try {
            $outcome = $this->backend->scale($connection, $queues, $targetWorkers);
            $this->problems->solved($problem);

            return $outcome;
        } catch (Throwable $thrown) {
            $this->problems->report($problem, "The {$problem} could not be scaled: {$thrown->getMessage()}", $thrown);

            return ScaleOutcome::nothing();
        }
    }
}
