<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Library;

/** Waiting times of M/M/c (Erlang C), corrected for general arrivals and services (Allen-Cunneen). */
final class PickupTimeCalculator
{
    /** Any workload that is allowed, to have the constructor's own numbers checked. */
    private const ANY = ['seconds' => 0.0, 'workers' => 1, 'arrival_rate_per_second' => 0.0, 'service_time_seconds' => 1.0];

    /** @var array<string, float> */
    private readonly array $variation;

    /**
     * @param float $arrivalSquaredVariation of the times between arrivals; 1 for a Poisson stream
     * @param float $serviceSquaredVariation of the service times; 1 for exponential ones, 0 for constant ones
     * @throws InvalidArgument for a negative number
     */
    public function __construct(float $arrivalSquaredVariation = 1.0, float $serviceSquaredVariation = 1.0)
    {
        $this->variation = [
            'arrival_squared_variation' => $arrivalSquaredVariation,
            'service_squared_variation' => $serviceSquaredVariation,
        ];
        $this->calculate('probability_beyond', self::ANY);
    }

    /**
     * Share of the jobs, from 0 to 1, that wait longer than $seconds; 1 where the workers cannot keep up.
     *
     * @throws InvalidArgument for a number out of range
     */
    public function probabilityBeyond(
        float $seconds,
        int $workers,
        float $arrivalRatePerSecond,
        float $serviceTimeSeconds,
    ): float {
        return $this->calculate('probability_beyond', [
            'seconds' => $seconds,
            'workers' => $workers,
            'arrival_rate_per_second' => $arrivalRatePerSecond,
            'service_time_seconds' => $serviceTimeSeconds,
        ]);
    }

    /**
     * The wait that $percentile % of the jobs stay within, in seconds; null where the workers cannot keep up.
     *
     * @throws InvalidArgument for a number out of range
     */
    public function percentileSeconds(
        float $percentile,
        int $workers,
        float $arrivalRatePerSecond,
        float $serviceTimeSeconds,
    ): ?float {
        return $this->calculate('percentile_seconds', [
            'percentile' => $percentile,
            'workers' => $workers,
            'arrival_rate_per_second' => $arrivalRatePerSecond,
            'service_time_seconds' => $serviceTimeSeconds,
        ]);
    }

    /**
     * Smallest number of workers with which $percentile % of the jobs wait at most $seconds; $atMost if even those do not
     * suffice.
     *
     * @throws InvalidArgument for a number out of range
     */
    public function workersFor(
        float $arrivalRatePerSecond,
        float $serviceTimeSeconds,
        float $percentile,
        float $seconds,
        int $atMost = 1000,
    ): int {
        return $this->calculate('workers_for', [
            'arrival_rate_per_second' => $arrivalRatePerSecond,
            'service_time_seconds' => $serviceTimeSeconds,
            'percentile' => $percentile,
            'seconds' => $seconds,
            'at_most' => $atMost,
        ]);
    }

    /** @param array<string, float|int> $arguments */
    private function calculate(string $calculation, array $arguments): float|int|null
    {
        return Library::get()->calculate("pickup_time.{$calculation}", $arguments + $this->variation);
    }
}
