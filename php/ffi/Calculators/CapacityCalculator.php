<?php

declare(strict_types=1);

namespace QueueAutoscale\Calculators;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Native\Library;

/** How many workers a host has room for. */
final class CapacityCalculator
{
    public function __construct()
    {
        Library::get();
    }

    /**
     * Workers of one kind that the host has room for, those that run now included.
     *
     * @param float $workerCpuCores what one worker uses of the CPU
     * @param float $workerMemoryBytes what one worker uses of the memory
     * @param int $runningWorkers workers that the host's figures contain already
     * @throws InvalidArgument for a number out of range
     */
    public function workersWithin(
        HostCapacity $host,
        float $workerCpuCores,
        float $workerMemoryBytes,
        int $runningWorkers = 0,
        float $maxCpuPercent = 85.0,
        float $maxMemoryPercent = 85.0,
    ): int {
        return Library::get()->calculate('capacity.workers_within', [
            'cpu_limit_cores' => $host->cpuLimitCores,
            'cpu_used_cores' => $host->cpuUsedCores,
            'memory_limit_bytes' => $host->memoryLimitBytes,
            'memory_used_bytes' => $host->memoryUsedBytes,
            'worker_cpu_cores' => $workerCpuCores,
            'worker_memory_bytes' => $workerMemoryBytes,
            'running_workers' => $runningWorkers,
            'max_cpu_percent' => $maxCpuPercent,
            'max_memory_percent' => $maxMemoryPercent,
        ]);
    }
}
