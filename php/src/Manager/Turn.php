<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Cluster\Place;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * One turn of the loop, when it is over.
 *
 * @internal
 */
final readonly class Turn
{
    /**
     * @param array<string, ScalingDecision> $decisions by pool, policies' changes included
     * @param array<string, ScaleOutcome> $outcomes by pool
     */
    public function __construct(
        public int $number,
        public array $decisions,
        public array $outcomes,
        public ?HostCapacity $host,
        /** What the decisions were made of; null where another host decides. */
        public ?Sight $seen,
        /** From the beginning of this turn to that of the next one. */
        public float $secondsToNextTurn,
        /** How long all of it took. */
        public float $totalSeconds,
        public bool $dryRun,
        public bool $paused,
        /** This host's place among several; null where it works alone. */
        public ?Place $place = null,
    ) {
    }

    /** @return list<PoolChange> what changed on this host */
    public function changes(): array
    {
        if ($this->place !== null) {
            return $this->place->changes;
        }

        $changes = [];

        foreach ($this->decisions as $pool => $decision) {
            if ($this->outcomeOf($pool)->changedSomething()) {
                $changes[] = new PoolChange(
                    $decision->connection,
                    $decision->queues,
                    $decision->currentWorkers,
                    $decision->targetWorkers,
                    $this->outcomeOf($pool),
                );
            }
        }

        return $changes;
    }

    /** @return array<string, int> by pool, how many workers an earlier manager left behind; without those that have none */
    public function orphanedWorkers(): array
    {
        return array_filter(array_map(
            static fn(array $workers): int => (int) ($workers['orphaned'] ?? 0),
            $this->seen->workers ?? [],
        ));
    }

    /** Why a pool has the workers that it has. */
    public function reasonFor(string $pool): string
    {
        return $this->decisions[$pool]->reason ?? "its share of what {$this->place?->leader} decided";
    }

    public function outcomeOf(string $pool): ScaleOutcome
    {
        return $this->outcomes[$pool] ?? ScaleOutcome::nothing();
    }
}
