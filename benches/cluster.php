<?php

declare(strict_types=1);

/*
 * What one turn of the leading host costs with many hosts and queues, everything but reading the metrics: reports read from
 * JSON and summed, decisions by the engine, shares planned and written; and how many bytes go through the shared store.
 *
 *     scripts/php benches/cluster.php [HOSTS QUEUES]
 */

use QueueAutoscale\ClusterPlanner;
use QueueAutoscale\Configuration;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Cluster\Report;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\ScalingEngine;

const TURNS = 20;
const WARM_UP_TURNS = 5;
const TURN_SECONDS = 5.0;
const WORKERS_PER_QUEUE = 5;

require __DIR__ . '/../tests/php/bootstrap.php';

$hosts = (int) ($argv[1] ?? 200);
$queues = (int) ($argv[2] ?? 2_000);
$configuration = Configuration::fromArray([
    'cluster' => ['enabled' => true],
    'queues' => ['*:*' => ['min_workers' => WORKERS_PER_QUEUE, 'max_workers' => 10]],
]);
$planner = new ClusterPlanner($configuration);
$engine = new ScalingEngine($configuration);
$capacity = new HostCapacity(32.0, 4.0, 128 * 1024 ** 3, 16 * 1024 ** 3);
$shares = array_fill_keys(array_map(static fn(int $host): string => "host-{$host}", range(1, $hosts)), null);
$metrics = [];

for ($queue = 1; $queue <= $queues; $queue++) {
    $metrics["redis:queue-{$queue}"] = [
        'connection' => 'redis', 'queue' => "queue-{$queue}", 'driver' => 'redis',
        'depth' => [
            'total' => 3, 'pending' => 1, 'scheduled' => 0, 'reserved' => 2,
            'oldest_job_age_seconds' => 1.0, 'oldest_job_age_status' => 'unknown',
        ],
        'performance_60s' => ['throughput_per_minute' => 120.0, 'avg_duration_ms' => 0.0, 'window_seconds' => 60],
        'lifetime' => ['failure_rate_percent' => 0.0],
        'workers' => ['active_count' => 5, 'current_busy_percent' => 40.0, 'lifetime_busy_percent' => 40.0],
        'baseline' => null, 'trends' => [], 'timestamp' => '2026-01-01T00:00:00Z',
    ];
}

$row = static fn(array $pool): array => [
    'connection' => $pool[0], 'queues' => $pool[1], 'starting' => 0, 'idle' => $pool[2], 'busy' => 0, 'unknown' => 0, 'draining' => 0,
    'backing_off' => 0, 'busy_seconds_total' => 1234.567891, 'jobs_finished_total' => 5_678, 'longest_job_seconds' => null,
    'boot_seconds' => 0.451239, 'worker_cpu_cores' => 0.123457, 'worker_memory_bytes' => 45_678_592, 'cpu_used_cores' => 0.234568,
    'memory_used_bytes' => 91_357_184,
];
$times = [];

for ($turn = 1; $turn <= TURNS; $turn++) {
    $reports = array_map(
        static fn(?Share $share): Report => Report::of(1, $turn, $share, false, $capacity, array_map($row, $share->workers ?? [])),
        $shares,
    );
    $begin = hrtime(true);
    $planner->merge(1, array_map(static fn(Report $report): string => $report->body, $reports));
    $merged = hrtime(true);
    $engine->observe($metrics, $planner->workers(), $planner->capacity(), $turn * TURN_SECONDS);
    $decisions = $engine->decide()->decisions();
    $decided = hrtime(true);
    $plan = $planner->plan(array_values(array_map(
        static fn($decision): array => [$decision->connection, $decision->queues, $decision->targetWorkers, $decision->idleFloorWorkers],
        $decisions,
    )));

    foreach ($plan['hosts'] as $host) {
        $shares[$host['host']] = new Share(1, $plan['serial'], $host['workers']);
    }

    $written = array_map(static fn(Share $share): string => serialize($share->toArray()), $shares);
    $end = hrtime(true);

    if ($turn > WARM_UP_TURNS || $turn === 1) {
        $times[$turn === 1 ? 'first' : 'later'][] = [$end - $begin, $merged - $begin, $decided - $merged, $end - $decided];
    }
}

$bytes = static fn(array $texts): int => array_sum(array_map(strlen(...), $texts));
$reportBytes = $bytes(array_map(static fn(Report $report): string => serialize($report->toArray()), $reports));
$workers = array_sum(array_map(static fn(Share $share): int => array_sum(array_column($share->workers, 2)), $shares));
printf("%d hosts, %d queues, %d workers\n", $hosts, $queues, $workers);

foreach ($times as $name => $turns) {
    $parts = array_map(static fn(int $part): float => min(array_column($turns, $part)) / 1e6, [0, 1, 2, 3]);
    vprintf("{$name} turn: %.1f ms (reports %.1f, engine %.1f, shares %.1f)\n", $parts);
}

printf("bytes: reports %d (%d a host), shares %d (%d a host)\n", $reportBytes, $reportBytes / $hosts, $bytes($written), $bytes($written) / $hosts);
