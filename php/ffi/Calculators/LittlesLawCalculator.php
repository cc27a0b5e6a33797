<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Library;

/** Little's Law, L = λ·W: the mean number of things in a system is their arrival rate times the time that each stays. */
final class LittlesLawCalculator
{
    public function __construct()
    {
        Library::get();
    }

    /**
     * Workers that are busy on average, the offered load.
     *
     * @throws InvalidArgument for a negative number
     */
    public function busyWorkers(float $arrivalRatePerSecond, float $serviceTimeSeconds): float
    {
        return Library::get()->calculate('littles_law.busy_workers', [
            'arrival_rate_per_second' => $arrivalRatePerSecond,
            'service_time_seconds' => $serviceTimeSeconds,
        ]);
    }

    /**
     * Jobs that wait on average where each waits $waitSeconds.
     *
     * @throws InvalidArgument for a negative number
     */
    public function waitingJobs(float $arrivalRatePerSecond, float $waitSeconds): float
    {
        return Library::get()->calculate('littles_law.waiting_jobs', [
            'arrival_rate_per_second' => $arrivalRatePerSecond,
            'wait_seconds' => $waitSeconds,
        ]);
    }

    /**
     * Mean service time by the utilisation law: busy worker-seconds ÷ jobs done in the same time. Null where nothing was
     * done.
     *
     * @throws InvalidArgument for a negative number
     */
    public function serviceTime(float $busyWorkerSeconds, float $jobsDone): ?float
    {
        return Library::get()->calculate('littles_law.service_time', [
            'busy_worker_seconds' => $busyWorkerSeconds,
            'jobs_done' => $jobsDone,
        ]);
    }
}
