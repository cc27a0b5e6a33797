<?php

declare(strict_types=1);

// Only what differs from the package's own configuration. The times are short, so that the demo shows within 90 s what
// takes minutes elsewhere.
return array_replace_recursive([
    'defaults' => ['max_pickup_time_seconds' => 10, 'max_workers' => 10],
    'queues' => [
        'default' => ['min_workers' => 1],
        'emails' => ['max_pickup_time_seconds' => 20],
    ],
    // The jobs sleep more than they compute, and whatever else the machine does must not decide how the demo goes.
    'limits' => ['max_cpu_percent' => 1000, 'max_memory_percent' => 100],
    'workers' => ['timeout' => 10, 'shutdown_timeout_seconds' => 10],
    'manager' => ['interval_seconds' => 2],
], json_decode((string) env('QUEUE_AUTOSCALE_OVERRIDES', '{}'), associative: true, flags: JSON_THROW_ON_ERROR));
