<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Json;
use QueueAutoscale\Native\Library;

/** Estimates one queue's arrival rate: what came in is what was done plus what the backlog grew. */
final class ArrivalRateCalculator
{
    private readonly Handle $handle;

    public function __construct()
    {
        $this->handle = Library::get()->make('qa_arrival_rate');
    }

    /**
     * Takes in one sample.
     *
     * @param float $nowSeconds a monotonic clock's instant
     * @param float $backlog jobs that are waiting or held by a worker
     * @param float $throughputPerMinute jobs done in the last sixty seconds
     * @param ?int $attemptsFinishedTotal attempts that the workers are known to have ended; never decreases
     * @param int $tries attempts that a job gets at most, 0 where there is no end
     * @throws InvalidArgument for a negative number
     */
    public function observe(
        float $nowSeconds,
        float $backlog,
        float $throughputPerMinute,
        ?int $attemptsFinishedTotal = null,
        int $tries = 0,
    ): void {
        $sample = Json::encode([
            'now_seconds' => $nowSeconds,
            'backlog' => $backlog,
            'throughput_per_minute' => $throughputPerMinute,
            'attempts_finished_total' => $attemptsFinishedTotal,
            'tries' => $tries,
        ]);

        Library::get()->call('qa_arrival_rate_observe', $this->handle->pointer, $sample, strlen($sample));
    }

    /** The estimate, in jobs per second; 0 before the first sample. */
    public function ratePerSecond(): float
    {
        return $this->estimate()['rate_per_second'];
    }

    /** How sure it is, from 0 to 1. */
    public function confidence(): float
    {
        return $this->estimate()['confidence'];
    }

    /** How uneven the arrivals are: index of dispersion, 1 for a Poisson stream. */
    public function dispersion(): float
    {
        return $this->estimate()['dispersion'];
    }

    /** @return array{rate_per_second: float, confidence: float, dispersion: float} */
    private function estimate(): array
    {
        return Library::get()->call('qa_arrival_rate_estimate', $this->handle->pointer);
    }
}
