<?php

declare(strict_types=1);

/*
 * The test application's artisan, with the package in the folder of the first argument in place of this checkout.
 */

use Illuminate\Contracts\Console\Kernel;
use QueueAutoscale\Laravel\Installation\PackageFolder;
use Symfony\Component\Console\Input\ArgvInput;
use Symfony\Component\Console\Output\ConsoleOutput;

define('LARAVEL_START', microtime(true));

require __DIR__ . '/../../app/bootstrap/autoload.php';

$app = require __DIR__ . '/../../app/bootstrap/app.php';
$app->instance(PackageFolder::class, new PackageFolder($argv[1]));

exit($app->make(Kernel::class)->handle(new ArgvInput(['artisan', ...array_slice($argv, 2)]), new ConsoleOutput()));
