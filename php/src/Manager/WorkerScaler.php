<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
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

    public function carryOut(ScalingDecision $decision): ScaleOutcome
    {
        return $this->guarded($decision->key(), fn(): ScaleOutcome => $this->backend->carryOut($decision));
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
