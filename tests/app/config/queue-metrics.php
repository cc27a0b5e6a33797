<?php

declare(strict_types=1);

// Laravel merges a package's configuration by its first level only, so what is here must be whole. Tests shorten the times.
return [
    'storage' => [
        'driver' => env('QUEUE_METRICS_STORAGE', 'redis'),
        'connection' => env('QUEUE_METRICS_CONNECTION', 'default'),
        'prefix' => 'queue_metrics',
        'max_samples_per_key' => 1000,
        'cleanup_chunk_size' => 1000,
        'ttl' => ['raw' => (int) env('QUEUE_METRICS_TTL_RAW', 3600), 'aggregated' => 604800, 'baseline' => 2592000],
    ],
];
