<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Library;

/** Jobs that must start by the deadline against starts that the workers offer until then. */
final class BacklogDrainCalculator
{
    public function __construct()
    {
        Library::get();
    }

    /**
     * Smallest number of workers, not rounded, that starts every waiting job in the time left.
     *
     * @param float $pending jobs waiting
     * @param float $timeLeftSeconds until the oldest of them is due; negative where it is overdue
     * @param float $serviceTimeSeconds mean service time of a job, above 0
     * @param float $bootSeconds until a worker that is started now takes its first job
     * @param float $busyWorkers workers in a job
     * @param float $idleWorkers workers waiting for a job
     * @param float $leastSeconds time to do it in where nothing is left of it, above 0
     * @throws InvalidArgument for a number out of range
     */
    public function workersFor(
        float $pending,
        float $timeLeftSeconds,
        float $serviceTimeSeconds,
        float $bootSeconds = 0.0,
        float $busyWorkers = 0.0,
        float $idleWorkers = 0.0,
        float $leastSeconds = 1.0,
    ): float {
        return Library::get()->calculate('backlog_drain.workers_for', [
            'pending' => $pending,
            'time_left_seconds' => $timeLeftSeconds,
            'service_time_seconds' => $serviceTimeSeconds,
            'boot_seconds' => $bootSeconds,
            'busy_workers' => $busyWorkers,
            'idle_workers' => $idleWorkers,
            'least_seconds' => $leastSeconds,
        ]);
    }
}
