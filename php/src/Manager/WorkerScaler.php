<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
use QueueAutoscale\Laravel\Backends\LocalBackend;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;
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

    /** As decided, with workers that leave by themselves once they are idle where the back end hears that they are. */
    public function carryOut(ScalingDecision $decision): ScaleOutcome
    {
        $backend = $this->backend;

        return $backend instanceof LocalBackend
            ? $this->guarded($decision->key(), static fn(): ScaleOutcome => $backend->carryOut($decision))
            : $this->scale($decision->connection, $decision->queues, $decision->targetWorkers);
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        return $this->guarded(
            "{$connection}:{$queues}",
            fn(): ScaleOutcome => $this->backend->scale($connection, $queues, $targetWorkers),
        );
    }

    /** @param Closure(): ScaleOutcome $scale */
    private function guarded(string $pool, Closure $scale): ScaleOutcome
    {
        $problem = "workers of {$pool}";

        try {
            $outcome = $scale();
            $this->problems->solved($problem);

            return $outcome;
        } catch (Throwable $thrown) {
            $this->problems->report($problem, "The {$problem} could not be scaled: {$thrown->getMessage()}", $thrown);

            return ScaleOutcome::nothing();
        }
    }
}
