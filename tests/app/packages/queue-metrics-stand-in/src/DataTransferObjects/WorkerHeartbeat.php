<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\DataTransferObjects;

use Carbon\Carbon;
use Cbox\LaravelQueueMetrics\Enums\WorkerState;

final readonly class WorkerHeartbeat
{
    public function __construct(
        public string $workerId,
        public string $connection,
        public string $queue,
        public WorkerState $state,
        public Carbon $lastHeartbeat,
        public ?Carbon $lastStateChange,
        public ?string $currentJobId,
        public ?string $currentJobClass,
        public float $idleTimeSeconds,
        public float $busyTimeSeconds,
        public int $jobsProcessed,
        public int $pid,
        public string $hostname,
        public float $memoryUsageMb = 0.0,
        public float $cpuUsagePercent = 0.0,
        public float $peakMemoryUsageMb = 0.0,
    ) {
    }
}
