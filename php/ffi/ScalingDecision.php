<?php

declare(strict_types=1);

namespace QueueAutoscale;

use JsonSerializable;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Failure;
use QueueAutoscale\Native\Row;

/** How many workers one pool should have, and everything that led there. */
final class ScalingDecision implements JsonSerializable
{
    /** Most workers that the library can count. */
    private const MAX_WORKERS = 4_294_967_295;

    /** Laravel's connection name. */
    public readonly string $connection;

    /** The queue, or the queues of a group in priority order, as --queue= gets them. */
    public readonly string $queues;

    /** Workers now, those on their way out not counted. */
    public readonly int $currentWorkers;

    /** What the strategy wants, before bounds and constraints. */
    public readonly int $recommendedWorkers;

    /** What the supervisor is to reach. */
    public readonly int $targetWorkers;

    /** Workers that stay although they find no job; beyond them, an idle one leaves by itself before the next decision. */
    public readonly int $idleFloorWorkers;

    /** Load at the estimated arrival rate, less what the queue may still fill. */
    public readonly float $steadyStateWorkers;

    /** The same at the forecast rate. */
    public readonly float $predictiveWorkers;

    /** Load plus what must go before its deadline. */
    public readonly float $backlogDrainWorkers;

    /** Erlang C staffing, where the SLA is too short for feedback; null elsewhere. */
    public readonly ?float $pickupTimeWorkers;

    /** Jobs waiting. */
    public readonly int $pending;

    /** Age of the oldest waiting job, told or inferred; null where nothing waits. */
    public readonly ?float $oldestJobAgeSeconds;

    /** Estimated arrival rate, in jobs per second. */
    public readonly float $arrivalRatePerSecond;

    /** How sure the estimate is, from 0 to 1. */
    public readonly float $arrivalRateConfidence;

    /** Forecast arrival rate, in jobs per second. */
    public readonly float $forecastRatePerSecond;

    /** Mean service time of a job. */
    public readonly float $serviceTimeSeconds;

    /** Where it came from: utilisation_law, reported, last_known or default. */
    public readonly string $serviceTimeSource;

    /** Time that a new worker needs until it takes a job. */
    public readonly float $bootSeconds;

    /** The promise: how long a job may wait. */
    public readonly float $maxPickupTimeSeconds;

    /** Pickup time at the SLA's percentile that the target should give; null where it cannot be said. */
    public readonly ?float $predictedPickupTimeSeconds;

    /** Whether the promise holds: met, at_risk, breached or unknown. */
    public readonly string $slaState;

    /** @var list<array{kind: string, from_workers: int, to_workers: int, reason: string}> */
    private readonly array $constraints;

    /** The whole decision in one sentence. */
    public readonly string $reason;

    /**
     * @param array<int, string> $names of all properties
     * @param list<mixed> $values at the same positions
     */
    private function __construct(array $names, array $values)
    {
        foreach ($names as $position => $name) {
            $this->{$name} = $values[$position];
        }
    }

    /**
     * The decision that toArray() turned into an array.
     *
     * @param array<string, mixed> $decision
     * @throws InvalidArgument with the key that is missing or wrong
     */
    public static function fromArray(array $decision): self
    {
        Row::check(self::class, $decision);

        return self::fromRow($decision);
    }

    public function key(): string
    {
        return "{$this->connection}:{$this->queues}";
    }

    /**
     * @return list<array{kind: string, from_workers: int, to_workers: int, reason: string}> every constraint that changed
     *         the number, in order
     */
    public function constraints(): array
    {
        return $this->constraints;
    }

    /**
     * The decision with another target, and one more constraint that says why. All of those workers stay, idle or not.
     *
     * @throws InvalidArgument for a negative number
     */
    public function withTargetWorkers(int $workers, string $reason): self
    {
        if ($workers < 0) {
            throw Failure::argument("\$workers: {$workers} where a whole number of at least 0 was expected");
        }

        if ($workers > self::MAX_WORKERS) {
            throw Failure::argument("\$workers: {$workers} is more than a host can run");
        }

        $constraint = [
            'kind' => 'policy',
            'from_workers' => $this->targetWorkers,
            'to_workers' => $workers,
            'reason' => $reason,
        ];
        $noun = $workers === 1 ? 'worker' : 'workers';

        return self::fromRow([
            'target_workers' => $workers,
            'idle_floor_workers' => $workers,
            'constraints' => [...$this->constraints, $constraint],
            'reason' => "{$workers} {$noun}: {$reason}; without that {$this->reason}",
        ] + $this->toArray());
    }

    /** @return array<string, mixed> under the names of its JSON form; fromArray() takes it back */
    public function toArray(): array
    {
        return array_map(fn(string $name): mixed => $this->{$name}, array_flip(Row::keys(self::class)));
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->toArray();
    }

    /** @param array<string, mixed> $row */
    private static function fromRow(array $row): self
    {
        $keys = Row::keys(self::class);

        return new self(array_keys($keys), array_map(static fn(string $key): mixed => $row[$key], array_values($keys)));
    }
}
