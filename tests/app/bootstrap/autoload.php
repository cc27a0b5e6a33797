<?php

declare(strict_types=1);

/*
 * Loads the framework and the packages: those that Composer installed, or else the operating system's Laravel with
 * the packages that composer.json names as folders.
 */

$composer = dirname(__DIR__) . '/vendor/autoload.php';

if (is_file($composer)) {
    require_once $composer;

    return;
}

$framework = getenv('LARAVEL_FRAMEWORK_FOLDER') !== false
    ? __DIR__ . '/framework-folder.php'
    : (getenv('LARAVEL_FRAMEWORK_AUTOLOAD') ?: '/usr/share/php/Illuminate/autoload.php');

if (! is_file($framework)) {
    fwrite(STDERR, "No Laravel: run `composer install` in tests/app, or install Debian's php-laravel-framework.\n");

    exit(1);
}

require_once $framework;
require_once __DIR__ . '/FolderPackages.php';

App\Bootstrap\FolderPackages::load(dirname(__DIR__))->registerAutoloader();
