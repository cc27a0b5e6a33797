<?php

declare(strict_types=1);

/*
 * A queue is named as in Laravel ("emails"); it then belongs to the default connection. "redis:emails" names the
 * connection as well, and "tenant-*" stands for every queue that begins so. Where several names fit, the most specific
 * one wins. Every time is in seconds.
 */
return [

    /*
    |--------------------------------------------------------------------------
    | Switch
    |--------------------------------------------------------------------------
    |
    | With `false`, queue:autoscale starts no worker and waits, until a signal
    | or queue:autoscale:restart ends it.
    |
    */

    'enabled' => (bool) env('QUEUE_AUTOSCALE_ENABLED', true),

    /*
    |--------------------------------------------------------------------------
    | Back end
    |--------------------------------------------------------------------------
    |
    | Who runs the workers: `local` for processes of this host, `kubernetes` for
    | pods of Deployments, `external` for somebody who reads the gauges, or a
    | class of yours that implements WorkerBackend.
    |
    */

    'backend' => 'local',

    /*
    |--------------------------------------------------------------------------
    | Kubernetes
    |--------------------------------------------------------------------------
    |
    | For the back end `kubernetes` alone.
    |
    | namespace             of the Deployments; `null` for the manager's own
    | deployment            the name of a queue's Deployment; {queue} stands for
    |                       the queue's name, {connection} for its connection's.
    |                       A queue whose Deployment has another name says so in
    |                       its own key `deployment`
    | timeout_seconds       longest wait for one answer of the API server
    | service_account_path  the folder with the pod's token, ca.crt, namespace
    |
    */

    'kubernetes' => [
        'namespace' => null,
        'deployment' => 'queue-worker-{queue}',
        'timeout_seconds' => 3,
        'service_account_path' => '/var/run/secrets/kubernetes.io/serviceaccount',
    ],

    /*
    |--------------------------------------------------------------------------
    | Default connection
    |--------------------------------------------------------------------------
    |
    | The connection of queues that are named without one. `null` takes the
    | application's own default, `queue.default`.
    |
    */

    'connection' => null,

    /*
    |--------------------------------------------------------------------------
    | Defaults
    |--------------------------------------------------------------------------
    |
    | What holds for every queue that says nothing else.
    |
    | max_pickup_time_seconds  the promise: how long a job waits at most until
    |                          a worker picks it up
    | percentile               the share of the jobs, in percent, for which the
    |                          promise must hold
    | target_wait_percent      cost against wait: how much of that time an
    |                          average job may wait; twice as much on a queue
    |                          too light to keep a worker. 0 is quickest and
    |                          dearest; 50 costs least
    | min_workers, max_workers bounds, whatever the load. The same number in
    |                          both pins the queue: its workers are supervised
    |                          but never scaled. A minimum given here holds for
    |                          queues that are named or matched below, not for
    |                          others that turn up
    | cooldown_seconds         least time between two steps down
    | weight                   the queue's share where the host cannot give all
    |                          queues what they need
    |
    */

    'defaults' => [
        'max_pickup_time_seconds' => 30,
        'percentile' => 95,
        'target_wait_percent' => 20,
        'min_workers' => 0,
        'max_workers' => 10,
        'cooldown_seconds' => 0,
        'weight' => 1,
    ],

    /*
    |--------------------------------------------------------------------------
    | Queues
    |--------------------------------------------------------------------------
    |
    | What is different for some queues: any key of `defaults`, a `profile`, a
    | `strategy`, and the keys of `prediction`, `workers` and, of `limits`, the
    | footprint of one worker.
    |
    |   'emails' => ['max_pickup_time_seconds' => 10, 'max_workers' => 20],
    |   'redis:reports' => ['profile' => 'background', 'workers' => ['timeout' => 600]],
    |   'tenant-*' => ['max_workers' => 2],
    |
    | A queue that is named here in full has its minimum of workers even before
    | its first job.
    |
    */

    'queues' => [],

    /*
    |--------------------------------------------------------------------------
    | Groups
    |--------------------------------------------------------------------------
    |
    | One set of workers for several queues, in the order of their priority.
    | They are scaled on the sum of their load and the strictest promise.
    |
    |   'web' => ['queues' => ['high', 'default', 'low'], 'max_workers' => 20],
    |
    */

    'groups' => [],

    /*
    |--------------------------------------------------------------------------
    | Excluded queues
    |--------------------------------------------------------------------------
    |
    | Queues that are left alone, because somebody else runs their workers.
    |
    |   'excluded' => ['legacy', 'sqs:*'],
    |
    */

    'excluded' => [],

    /*
    |--------------------------------------------------------------------------
    | Profiles
    |--------------------------------------------------------------------------
    |
    | Settings under a name. The profiles critical, balanced, bursty and
    | background exist already; a profile of your own goes here, and one of the
    | same name replaces the shipped one.
    |
    */

    'profiles' => [],

    /*
    |--------------------------------------------------------------------------
    | Prediction
    |--------------------------------------------------------------------------
    |
    | trend_window_seconds         the past from which the trend is read
    | forecast_horizon_seconds     how far ahead the arrival rate is forecast
    | breach_threshold             the share of the promised time (0 to 1) after
    |                              which a waiting job counts as urgent at last
    | default_service_time_seconds a job's length until it could be measured
    | default_boot_seconds         a worker's start until it could be measured
    |
    */

    'prediction' => [
        'trend_window_seconds' => 300,
        'forecast_horizon_seconds' => 30,
        'breach_threshold' => 0.8,
        'default_service_time_seconds' => 1,
        'default_boot_seconds' => 1.5,
    ],

    /*
    |--------------------------------------------------------------------------
    | Limits
    |--------------------------------------------------------------------------
    |
    | What all workers together may take of this host, or of its container. All
    | that runs there counts, not the workers alone.
    |
    | max_cpu_percent     no worker is added beyond this share of the CPU, but
    |                     for a queue's first one. More than 100 is for jobs
    |                     that mostly wait for somebody else
    | max_memory_percent  no worker is added beyond this share of the memory
    | max_total_workers   most workers of all queues together; `null` for none
    | worker_cpu_cores    what one worker needs until it could be measured
    | worker_memory_mb    likewise
    |
    */

    'limits' => [
        'max_cpu_percent' => 85,
        'max_memory_percent' => 85,
        'max_total_workers' => null,
        'worker_cpu_cores' => 0.25,
        'worker_memory_mb' => 64,
    ],

    /*
    |--------------------------------------------------------------------------
    | Workers
    |--------------------------------------------------------------------------
    |
    | The options of `php artisan queue:work`, and how its processes end.
    |
    | shutdown_timeout_seconds  from being told to end to being killed, when the
    |                           manager ends
    | drain_timeout_seconds     the same when there are too many workers; `null`
    |                           leaves a job its whole `timeout` and a margin
    | php_binary, artisan_path  `null` takes those that run queue:autoscale
    | tries                     3, where queue:work by itself has 1: a worker that
    |                           is ended by force must not cost a job. A job's own
    |                           `$tries` goes before it
    | options                   further arguments, for example '--force'
    | environment               further environment variables
    |
    | Keep `timeout` below the connection's `retry_after`, or a job may run
    | twice at the same time.
    |
    */

    'workers' => [
        'tries' => 3,
        'timeout' => 60,
        'max_time' => 3600,
        'max_jobs' => 0,
        'sleep' => 1,
        'memory' => 128,
        'backoff' => 0,
        'shutdown_timeout_seconds' => 30,
        'drain_timeout_seconds' => null,
        'php_binary' => null,
        'artisan_path' => null,
        'options' => [],
        'environment' => [],
    ],

    /*
    |--------------------------------------------------------------------------
    | Strategy
    |--------------------------------------------------------------------------
    |
    | A class that implements ScalingStrategyContract and recommends the number
    | of workers in the built-in strategy's place; `null` for the built-in one.
    | Bounds, stabilisation and the host's limits hold after it all the same.
    |
    */

    'strategy' => null,

    /*
    |--------------------------------------------------------------------------
    | Policies
    |--------------------------------------------------------------------------
    |
    | Classes that implement ScalingPolicy: they see each decision before it is
    | carried out, in this order, and may change it. One that throws is logged
    | and skipped. Shipped, in QueueAutoscale\Laravel\Policies:
    |
    |   ['class' => NoScaleDownBetween::class, 'from' => '08:00', 'until' => '18:00'],
    |   ['class' => CapBetween::class, 'from' => '02:00', 'until' => '03:00', 'max_workers' => 2],
    |   ['class' => NotifyOnBreach::class, 'channel' => 'slack', 'at_most_every_seconds' => 900],
    |
    | The first two take 'queues' as well: a list of names, wildcards allowed.
    |
    */

    'policies' => [],

    /*
    |--------------------------------------------------------------------------
    | Several hosts
    |--------------------------------------------------------------------------
    |
    | Managers on several hosts that work the same queues together: one of them
    | decides for all, each starts and stops the workers of its own host.
    |
    | enabled        whether this manager is one of several
    | lease_seconds  how long one that is silent keeps its place. Another takes
    |                over after that time; at least two turns
    | host           this host's name, which no other has; `null` for the
    |                machine's own
    | store          the cache store that all hosts share; `null` for the default
    |
    */

    'cluster' => [
        'enabled' => (bool) env('QUEUE_AUTOSCALE_CLUSTER', false),
        'lease_seconds' => 15,
        'host' => null,
        'store' => null,
    ],

    /*
    |--------------------------------------------------------------------------
    | Manager
    |--------------------------------------------------------------------------
    |
    | interval_seconds  time between two decisions. Workers that die and signals
    |                   are answered at once, whatever it is
    | log_channel       where changes are logged; `null` for the default channel
    | lock              the file that keeps a second manager of the application
    |                   from starting on the same host; `null` for one in
    |                   storage/framework
    |
    */

    'manager' => [
        'interval_seconds' => 5,
        'log_channel' => null,
        'lock' => null,
    ],

];
