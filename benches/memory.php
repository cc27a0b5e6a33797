<?php

declare(strict_types=1);

/*
 * Takes many turns, good and bad, and fails if the process grows with their number. `scripts/check-memory` runs it with the
 * extension and over FFI.
 *
 *     scripts/php benches/memory.php [TURNS]
 */

use QueueAutoscale\Calculators\ArrivalRateCalculator;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\QueueAutoscaleException;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;

/** What allocators keep to themselves. A leak of a single small text a turn is more over ten thousand turns. */
const ALLOWED_GROWTH_BYTES = 256 * 1024;
const BYTES_PER_PAGE = 4096;

spl_autoload_register(static function (string $class): void {
    require __DIR__ . '/../php/ffi/' . strtr(substr($class, strlen('QueueAutoscale\\')), '\\', '/') . '.php';
});

function residentBytes(): int
{
    gc_collect_cycles();

    return (int) explode(' ', (string) file_get_contents('/proc/self/statm'))[1] * BYTES_PER_PAGE;
}

function refused(callable $call): void
{
    try {
        $call();
    } catch (QueueAutoscaleException) {
        return;
    }

    throw new LogicException('It was not refused.');
}

$turns = (int) ($argv[1] ?? 10_000);
$metrics = json_decode(
    (string) file_get_contents(__DIR__ . '/../tests/fixtures/08-several-queues-three-connections.json'),
    associative: true,
    flags: JSON_THROW_ON_ERROR,
);
$bad = $metrics;
$bad[array_key_first($bad)]['depth']['pending'] = -1;

$configuration = Configuration::fromArray([]);
$engine = new ScalingEngine($configuration);
$monitor = new HostMonitor($configuration);
$before = 0;

for ($turn = 0; $turn < $turns; $turn++) {
    // The engine remembers an hour of five-second turns; from then on nothing may grow.
    if ($turn === min(1_000, intdiv($turns, 10))) {
        $before = residentBytes();
    }

    $now = 5.0 * $turn;
    $host = $monitor->read();
    $engine->observe($metrics, [], $host, $now);
    $key = array_key_first($engine->forecasts());
    $decision = $engine->decide([$key => ['workers' => 2, 'reason' => 'so many']])->decisions()[$key];
    ScalingDecision::fromArray($decision->withTargetWorkers(1, 'less')->toArray());
    $engine->evaluate($bad, [], $host, $now + 1.0)->errors();
    $arrivals = new ArrivalRateCalculator();
    $arrivals->observe($now, 5.0, 60.0);
    refused(static fn() => Configuration::fromArray(['defaults' => ['max_worker' => 5]]));
    refused(static fn() => $engine->observe([], [], null, NAN));
    Configuration::fromArray(['queues' => ['emails' => ['max_workers' => 3]]])->poolSettings('redis', 'emails');
}

$growth = residentBytes() - $before;
printf(
    "%s: %d turns, %+.1f KiB\n",
    extension_loaded('queue_autoscale') ? 'extension' : 'FFI',
    $turns,
    $growth / 1024,
);

exit($growth > ALLOWED_GROWTH_BYTES ? 1 : 0);
