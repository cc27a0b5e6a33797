<?php

declare(strict_types=1);

/*
 * What one turn of the engine costs, and what this process takes of memory, with the extension or over FFI, whichever is
 * loaded. `make bench` prints both.
 *
 *     scripts/php benches/ffi.php
 *     QUEUE_AUTOSCALE_EXTENSION=ffi scripts/php benches/ffi.php
 */

use QueueAutoscale\Calculators\LittlesLawCalculator;
use QueueAutoscale\Configuration;
use QueueAutoscale\ScalingEngine;

const TURNS = [1 => 5_000, 100 => 300, 1_000 => 40];
const CALLS = 20_000;
const BYTES_PER_PAGE = 4096;

/** Resident memory of this process; a part of it is shared with others. */
function residentMebibytes(): float
{
    $pages = (int) (explode(' ', (string) file_get_contents('/proc/self/statm'))[1] ?? 0);

    return $pages * BYTES_PER_PAGE / (1 << 20);
}

/** @return array<string, array<string, mixed>> as QueueMetrics returns it, in full */
function metricsOf(int $queues): array
{
    $recording = json_decode(
        (string) file_get_contents(__DIR__ . '/../tests/fixtures/04-backlog-3-workers-70s.json'),
        associative: true,
        flags: JSON_THROW_ON_ERROR,
    );
    $metrics = [];

    foreach (range(1, $queues) as $number) {
        $metrics["redis:queue-{$number}"] = ['queue' => "queue-{$number}"] + $recording['redis:default'];
    }

    return $metrics;
}

/** @return float mean processor time, in microseconds: nothing here waits, and other processes do not count */
function meanMicroseconds(int $times, callable $call): float
{
    $startedAt = processorMicroseconds();

    for ($number = 0; $number < $times; $number++) {
        $call($number);
    }

    return (processorMicroseconds() - $startedAt) / $times;
}

function processorMicroseconds(): float
{
    $usage = getrusage();

    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1e6 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'];
}

$before = residentMebibytes();

// With FFI the package's classes, with the extension nobody asks for them.
spl_autoload_register(static function (string $class): void {
    require __DIR__ . '/../php/ffi/' . strtr(substr($class, strlen('QueueAutoscale\\')), '\\', '/') . '.php';
});

$startedAt = processorMicroseconds();
$configuration = Configuration::fromArray([]);
$engine = new ScalingEngine($configuration);
$engine->evaluate(metricsOf(1), [], null, 0.0)->decisions();
printf(
    "%s: first decision after %.1f ms, %.1f MiB resident (%.1f MiB before)\n",
    extension_loaded('queue_autoscale') ? 'extension' : 'FFI',
    (processorMicroseconds() - $startedAt) / 1e3,
    residentMebibytes(),
    $before,
);

foreach (TURNS as $queues => $turns) {
    $engine = new ScalingEngine($configuration);
    $metrics = metricsOf($queues);
    $mean = meanMicroseconds(
        $turns,
        static fn(int $turn) => $engine->evaluate($metrics, [], null, 5.0 * $turn)->decisions(),
    );
    printf("%8d queues: a turn %8.3f ms, %6.2f µs a queue\n", $queues, $mean / 1e3, $mean / $queues);
}

$law = new LittlesLawCalculator();
printf("    a call of a calculator %.2f µs\n", meanMicroseconds(CALLS, static fn() => $law->busyWorkers(10.0, 0.5)));
printf("    at the end %.1f MiB resident\n", residentMebibytes());
