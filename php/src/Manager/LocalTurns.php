<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;

/**
 * The turns of a manager that decides for its own workers alone.
 *
 * @internal
 */
final class LocalTurns implements TurnSource
{
    private int $turns = 0;

    private float $secondsToNextTurn;

    private readonly Outage $outage;

    public function __construct(
        private readonly Decider $decider,
        private readonly WorkerBackend $backend,
        private readonly WorkerScaler $scaler,
        private readonly CapacityReader $capacity,
        private readonly float $intervalSeconds,
        private readonly bool $dryRun,
    ) {
        $this->secondsToNextTurn = $intervalSeconds;
        $this->outage = new Outage($backend, hrtime(true) / 1e9);
    }

    public function take(): Turn
    {
        $startedAt = hrtime(true) / 1e9;
        $this->secondsToNextTurn = $this->intervalSeconds;
        $seen = $this->look();
        $this->secondsToNextTurn = $seen->secondsToNextCycle;
        $host = $this->capacity->read();
        $paused = $this->backend->paused();
        $decisions = $this->decider->decide($seen, $host, $paused);
        $outcomes = [];

        if (! $this->dryRun && ! $paused) {
            foreach ($decisions as $pool => $decision) {
                $outcomes[$pool] = $this->scaler->carryOut($decision);
                $this->decider->carriedOut($decision, $outcomes[$pool]);
            }
        }

        return new Turn(
            number: ++$this->turns,
            decisions: $decisions,
            outcomes: $outcomes,
            host: $host,
            seen: $seen,
            secondsToNextTurn: $this->secondsToNextTurn,
            totalSeconds: hrtime(true) / 1e9 - $startedAt,
            dryRun: $this->dryRun,
            paused: $paused,
        );
    }

    /** @throws MetricsUnavailable */
    private function look(): Sight
    {
        try {
            $seen = $this->decider->look($this->backend->pools(...));
        } catch (MetricsUnavailable $unavailable) {
            $this->outage->begins();

            throw $unavailable;
        }

        $this->outage->isOver($seen->nowSeconds);

        return $seen;
    }

    public function secondsToNextTurn(): float
    {
        return $this->secondsToNextTurn;
    }

    public function leave(): void
    {
    }
}
