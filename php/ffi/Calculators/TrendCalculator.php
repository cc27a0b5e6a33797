<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Library;

/** Reads a trend from one queue's arrivals of the last hour and forecasts along it, damped. */
final class TrendCalculator
{
    private readonly Handle $handle;

    public function __construct()
    {
        $this->handle = Library::get()->make('qa_trend');
    }

    /**
     * Takes in $arrivals over the last $elapsedSeconds.
     *
     * @throws InvalidArgument for a negative number, or no time
     */
    public function record(float $arrivals, float $elapsedSeconds): void
    {
        Library::get()->call('qa_trend_record', $this->handle->pointer, $arrivals, $elapsedSeconds);
    }

    /**
     * Change of the rate over the last $windowSeconds, in jobs per second, a second; 0 where none is significant.
     *
     * @throws InvalidArgument for no time
     */
    public function slopePerSecondSquared(float $windowSeconds): float
    {
        return $this->read(0.0, 0.0, $windowSeconds)['slope_per_second_squared'];
    }

    /**
     * The rate in $horizonSeconds, given the rate now, and the range that it lies in with 95 % probability.
     *
     * @return array{rate_per_second: float, lower_per_second: float, upper_per_second: float}
     * @throws InvalidArgument for a negative number, or no time
     */
    public function forecast(float $ratePerSecond, float $horizonSeconds, float $windowSeconds): array
    {
        $forecast = $this->read($ratePerSecond, $horizonSeconds, $windowSeconds);
        unset($forecast['slope_per_second_squared']);

        return $forecast;
    }

    /** @return array<string, float> */
    private function read(float $ratePerSecond, float $horizonSeconds, float $windowSeconds): array
    {
        return Library::get()->call(
            'qa_trend_forecast',
            $this->handle->pointer,
            $ratePerSecond,
            $horizonSeconds,
            $windowSeconds,
        );
    }
}
