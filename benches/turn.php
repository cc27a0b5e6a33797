<?php

declare(strict_types=1);

/*
 * What a whole turn costs as PHP sees it: arrays of QueueMetrics and of the supervisor in, decision objects out; next to
 * it the simpler evaluation in plain PHP of benches/baseline. Prints the median of many turns and, for machines that have
 * other things to do, the quickest one; the ratio is that of the quickest.
 *
 *     scripts/php benches/turn.php
 */

use QueueAutoscale\Benches\Baseline\BaselineEngine;
use QueueAutoscale\Calculators\LittlesLawCalculator;
use QueueAutoscale\Configuration;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\ScalingEngine;

require __DIR__ . '/baseline/BaselineDecision.php';
require __DIR__ . '/baseline/BaselineEngine.php';

const QUEUES = [1, 100, 1_000, 10_000];
const TURN_SECONDS = 5.0;
const WARM_UP_TURNS = 3;
/** Enough for a steady median, few enough for all of it to take some seconds. */
const ROWS_MEASURED = 100_000;

/** @return array<string, array<string, mixed>> as QueueMetrics returns it, in full */
function metrics(int $queues): array
{
    $metrics = [];
    for ($number = 0; $number < $queues; $number++) {
        $metrics["redis:queue-{$number}"] = [
            'connection' => 'redis',
            'queue' => "queue-{$number}",
            'driver' => 'redis',
            'depth' => [
                'total' => 12,
                'pending' => 10,
                'scheduled' => 0,
                'reserved' => 2,
                'oldest_job_age_seconds' => 1.5,
                'oldest_job_age_status' => '2026-11-24T21:34:57+00:00',
            ],
            'performance_60s' => ['throughput_per_minute' => 120.0, 'avg_duration_ms' => 0.0, 'window_seconds' => 60],
            'lifetime' => ['failure_rate_percent' => 0.0],
            'workers' => ['active_count' => 3, 'current_busy_percent' => 66.7, 'lifetime_busy_percent' => 98.45],
            'baseline' => null,
            'trends' => [
                'depth' => ['available' => false, 'message' => 'No historical data available'],
                'throughput' => ['available' => false, 'message' => 'No throughput data available'],
            ],
            'timestamp' => '2026-11-24T21:36:07+00:00',
        ];
    }

    return $metrics;
}

/** @return array<string, array<string, mixed>> as WorkerSupervisor::pools() returns it */
function workers(int $queues): array
{
    $workers = [];
    for ($number = 0; $number < $queues; $number++) {
        $workers["redis:queue-{$number}"] = [
            'connection' => 'redis',
            'queues' => "queue-{$number}",
            'starting' => 0,
            'idle' => 1,
            'busy' => 2,
            'unknown' => 0,
            'draining' => 0,
            'backing_off' => 0,
            'busy_seconds_total' => 10.0,
            'jobs_finished_total' => 10,
            'longest_job_seconds' => null,
            'boot_seconds' => 0.4,
            'worker_cpu_cores' => 0.1,
            'worker_memory_bytes' => 50_000_000,
            'cpu_used_cores' => 0.2,
            'memory_used_bytes' => 150_000_000,
        ];
    }

    return $workers;
}

/**
 * @param callable(array<string, mixed>, array<string, mixed>, float): mixed $turn
 * @return array{float, float} median and quickest, in milliseconds
 */
function milliseconds(int $queues, callable $turn): array
{
    $metrics = metrics($queues);
    $workers = workers($queues);
    $milliseconds = [];
    for ($number = 0; $number < max(20, intdiv(ROWS_MEASURED, $queues)); $number++) {
        foreach (array_keys($metrics) as $offset => $key) {
            // A bit of noise, so that no turn equals the one before.
            $metrics[$key]['depth']['pending'] = 10 + ($offset + $number) % 7;
            $workers[$key]['busy_seconds_total'] += 2 * TURN_SECONDS;
            $workers[$key]['jobs_finished_total'] += 10;
        }
        $startedAt = hrtime(true);
        $turn($metrics, $workers, $number * TURN_SECONDS);
        if ($number >= WARM_UP_TURNS) {
            $milliseconds[] = (hrtime(true) - $startedAt) / 1e6;
        }
    }
    sort($milliseconds);

    return [$milliseconds[intdiv(count($milliseconds), 2)], $milliseconds[0]];
}

/** @return float median, in microseconds */
function medianMicroseconds(callable $call): float
{
    $microseconds = [];
    for ($number = 0; $number < 1_000; $number++) {
        $startedAt = hrtime(true);
        $call();
        $microseconds[] = (hrtime(true) - $startedAt) / 1e3;
    }
    sort($microseconds);

    return $microseconds[intdiv(count($microseconds), 2)];
}

// Room for all: what is measured is not how the last of it is shared.
$host = new HostCapacity(cpuLimitCores: 65536.0, cpuUsedCores: 10.0, memoryLimitBytes: 1 << 48, memoryUsedBytes: 1 << 34);

/** @return array{ScalingEngine, float, float} the engine after many turns, and their median and quickest */
function extensionMilliseconds(int $queues, HostCapacity $host): array
{
    $engine = new ScalingEngine(Configuration::fromArray([]));
    $turn = static fn(array $metrics, array $workers, float $now) => $engine->evaluate($metrics, $workers, $host, $now)->decisions();

    return [$engine, ...milliseconds($queues, $turn)];
}

printf("%8s %12s %12s %12s %12s %12s %8s %14s\n", 'queues', 'median', 'quickest', 'per queue', 'plain PHP', 'quickest', 'ratio', 'kept a queue');
foreach (QUEUES as $queues) {
    $baseline = new BaselineEngine();
    [$plain, $plainQuickest] = milliseconds(
        $queues,
        static fn(array $metrics, array $workers, float $now) => $baseline->evaluate($metrics, $workers, $now),
    );
    // The first engine leaves the memory behind that every turn needs; a second one then adds what it remembers.
    [$engine, $median, $quickest] = extensionMilliseconds($queues, $host);
    $before = residentBytes();
    [$second] = extensionMilliseconds($queues, $host);
    $kept = (residentBytes() - $before) / $queues;
    printf(
        "%8d %9.3f ms %9.3f ms %9.2f µs %9.3f ms %9.3f ms %7.1fx %14s\n",
        $queues,
        $median,
        $quickest,
        $quickest / $queues * 1e3,
        $plain,
        $plainQuickest,
        $plainQuickest / $quickest,
        $queues >= 1_000 ? sprintf('%.0f bytes', $kept) : '-',
    );
    unset($engine, $second, $baseline);
}

$monitor = new HostMonitor();
$law = new LittlesLawCalculator();
printf("\nreading the host %.1f µs, a call of a calculator %.2f µs\n", medianMicroseconds($monitor->read(...)), medianMicroseconds(
    static fn() => $law->busyWorkers(10.0, 0.5),
));

/** What this process holds, PHP's own share of the measured arrays included. */
function residentBytes(): int
{
    gc_collect_cycles();
    $pages = (int) (explode(' ', (string) file_get_contents('/proc/self/statm'))[1] ?? 0);

    return $pages * 4096;
}
