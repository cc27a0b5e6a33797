<?php

declare(strict_types=1);

use App\Bootstrap\FolderPackages;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Configuration\Exceptions;
use Illuminate\Foundation\PackageManifest;

$app = Application::configure(basePath: dirname(__DIR__))
    ->withCommands()
    ->withExceptions(static function (Exceptions $exceptions): void {
    })
    ->create();

// Debian ships the framework without the configuration files that it would merge; config/ here is complete.
$app->dontMergeFrameworkConfiguration();

foreach ([$app->bootstrapPath('cache'), $app->storagePath('framework/cache/data'), $app->storagePath('logs')] as $folder) {
    is_dir($folder) || @mkdir($folder, recursive: true);
}

// Without Composer nothing writes the list of installed packages from which Laravel discovers providers.
if (class_exists(FolderPackages::class, autoload: false)) {
    $vendorFolder = dirname($app->getCachedPackagesPath()) . '/vendor';
    $manifest = $app->make(PackageManifest::class);
    $manifest->vendorPath = $vendorFolder;

    if (FolderPackages::load($app->basePath())->writeInstalledJson($vendorFolder)) {
        $manifest->build();
    }
}

return $app;
