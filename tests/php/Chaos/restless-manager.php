<?php

declare(strict_types=1);

/*
 * A manager that scales its one pool to another size every second, whatever the load, until a signal ends it. Prints each event
 * as a line of JSON, and at the end what it had open before and after.
 *
 * Arguments: connection, queue, fewest and most workers, seed.
 */

use Illuminate\Contracts\Console\Kernel;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\WorkerSupervisor;
use Random\Engine\Mt19937;
use Random\Randomizer;

const SECONDS_BETWEEN_SIZES = 1.0;

define('LARAVEL_START', microtime(true));
require __DIR__ . '/../../app/bootstrap/autoload.php';

[, $connection, $queue, $fewest, $most, $seed] = $argv;
$app = require __DIR__ . '/../../app/bootstrap/app.php';
$app->make(Kernel::class)->bootstrap();

$tell = static function (array $line): void {
    echo json_encode(['at' => microtime(true)] + $line, JSON_THROW_ON_ERROR), "\n";
};
$openFiles = static fn(): int => count((array) scandir('/proc/self/fd'));
$random = new Randomizer(new Mt19937((int) $seed));

$before = $openFiles();
$supervisor = new WorkerSupervisor($app->make(ConfigurationFactory::class)->make());

while (! $supervisor->stopRequested()) {
    $supervisor->scalePool($connection, $queue, $random->getInt((int) $fewest, (int) $most));
    $end = microtime(true) + SECONDS_BETWEEN_SIZES;

    while (! $supervisor->stopRequested() && ($left = $end - microtime(true)) > 0) {
        array_map($tell, $supervisor->supervise($left));
    }
}

$report = $supervisor->shutdown();
array_map($tell, $report['events']);
unset($supervisor);
$tell(['type' => 'ended', 'open_files_before' => $before, 'open_files_after' => $openFiles()]);
