<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Commands;

use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Illuminate\Console\Command;

/** The only one that ever removes a worker's record: dead workers' count until it runs, stopped ones' are read until then. */
final class CleanupStaleWorkersCommand extends Command
{
    protected $signature = 'queue-metrics:cleanup-stale-workers {--threshold= : seconds}';

    protected $description = 'Remove the records of workers that were not heard of for a while';

    public function handle(WorkerHeartbeatRepository $workers): int
    {
        $seconds = (int) ($this->option('threshold') ?? config('queue-metrics.worker_heartbeat.stale_threshold'));
        $this->info("Removed {$workers->cleanup($seconds)} worker(s).");

        return self::SUCCESS;
    }
}
