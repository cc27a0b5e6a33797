<?php

declare(strict_types=1);

namespace QueueAutoscale;

/** One pool as a strategy sees it: its numbers, what the engine estimates, and what the built-in strategy recommends. */
final class QueueForecast
{
    /** Laravel's connection name. */
    public readonly string $connection;

    /** The queue, or the queues of a group in priority order, as --queue= gets them. */
    public readonly string $queues;

    /** Time between two decisions. */
    public readonly float $turnSeconds;

    /** Time from starting a worker to its first job. */
    public readonly float $bootSeconds;

    /** Workers, those on their way out not counted. */
    public readonly int $currentWorkers;

    /** Those of them in a job. */
    public readonly int $busyWorkers;

    /** Those of them that do not look for jobs yet. */
    public readonly int $startingWorkers;

    /** Jobs waiting. */
    public readonly int $pending;

    /** Delayed jobs. */
    public readonly int $scheduled;

    /** Jobs held by workers. */
    public readonly int $reserved;

    /** Age of the oldest waiting job, told or inferred; null where nothing waits. */
    public readonly ?float $oldestJobAgeSeconds;

    /** Estimated arrival rate, in jobs per second. */
    public readonly float $arrivalRatePerSecond;

    /** How sure the estimate is, from 0 to 1. */
    public readonly float $arrivalRateConfidence;

    /** Arrival rate expected when a worker started now would be at work, in jobs per second. */
    public readonly float $forecastRatePerSecond;

    /** Mean service time of a job. */
    public readonly float $serviceTimeSeconds;

    /** Where it came from: utilisation_law, reported, last_known or default. */
    public readonly string $serviceTimeSource;

    /** The promise: how long a job may wait. */
    public readonly float $maxPickupTimeSeconds;

    /** Share of the jobs that the promise covers, in percent. */
    public readonly float $percentile;

    /** Fewest workers, whatever is recommended. */
    public readonly int $minWorkers;

    /** Most workers, whatever is recommended. */
    public readonly int $maxWorkers;

    /** What the built-in strategy recommends: the maximum of the components, as whole workers. */
    public readonly int $recommendedWorkers;

    /** Load at the estimated arrival rate, less what the queue may still fill. */
    public readonly float $steadyStateWorkers;

    /** The same at the forecast rate. */
    public readonly float $predictiveWorkers;

    /** Load plus what must go before its deadline. */
    public readonly float $backlogDrainWorkers;

    /** Erlang C staffing, where the SLA is too short for feedback; null elsewhere. */
    public readonly ?float $pickupTimeWorkers;

    /** Whether this turn's metrics could be read; if not, the workers stay whatever is recommended. */
    public readonly bool $readable;

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

    public function key(): string
    {
        return "{$this->connection}:{$this->queues}";
    }
}
