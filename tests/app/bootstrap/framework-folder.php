<?php

declare(strict_types=1);

/*
 * Loads Laravel from a checkout of laravel/framework, as Composer would from what its composer.json says, and all that it
 * needs from where the operating system's own Laravel gets it.
 */

(static function (string $folder, string $systems): void {
    $autoload = json_decode((string) file_get_contents("{$folder}/composer.json"), true, flags: JSON_THROW_ON_ERROR)['autoload'];

    // Classes of the operating system's Laravel that this one does not have must not be found, so its own files are left out.
    preg_match_all("~'(/[^']+\\.php)'~", (string) file_get_contents($systems), $files);

    foreach (array_unique($files[1]) as $file) {
        if (! str_contains($file, '/Illuminate/') && is_file($file)) {
            require_once $file;
        }
    }

    $folders = $autoload['psr-4'];
    uksort($folders, static fn(string $a, string $b): int => strlen($b) <=> strlen($a));

    spl_autoload_register(static function (string $class) use ($folder, $folders): void {
        foreach ($folders as $prefix => $paths) {
            if (! str_starts_with($class, $prefix)) {
                continue;
            }

            foreach ((array) $paths as $path) {
                $file = "{$folder}/{$path}" . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';

                if (is_file($file)) {
                    require_once $file;

                    return;
                }
            }
        }
    }, prepend: true);

    foreach ($autoload['files'] as $file) {
        require_once "{$folder}/{$file}";
    }
})((string) getenv('LARAVEL_FRAMEWORK_FOLDER'), '/usr/share/php/Illuminate/autoload.php');
