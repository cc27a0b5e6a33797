<?php

declare(strict_types=1);

/** The keys of the real package that change what is read, with its values. */
return [
    'enabled' => env('QUEUE_METRICS_ENABLED', true),
    'persistence' => ['enabled' => env('QUEUE_METRICS_PERSISTENCE', true)],
    'storage' => [
        'driver' => env('QUEUE_METRICS_STORAGE', 'redis'),
        'connection' => env('QUEUE_METRICS_CONNECTION', 'default'),
        'prefix' => 'queue_metrics',
        // Seconds. "raw" is how long a queue is known after its last dispatch, start or end of a job that was heard of;
        // "aggregated" holds for the list of queues whose throughput is calculated.
        'ttl' => ['raw' => 3600, 'aggregated' => 604800, 'baseline' => 2592000],
    ],
    'worker_heartbeat' => ['stale_threshold' => env('QUEUE_METRICS_STALE_THRESHOLD', 60)],
    'scheduling' => ['enabled' => env('QUEUE_METRICS_SCHEDULING_ENABLED', true)],
    // The stand-in's own: whether it fails where Redis is away, as the real package, which keeps everything there, does.
    'stand_in' => ['needs_redis' => env('STAND_IN_NEEDS_REDIS', env('QUEUE_CONNECTION') === 'redis')],
];
