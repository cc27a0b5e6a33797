<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * `vendor/bin/queue-autoscale-build`: checks, builds, verifies, installs.
 *
 * @internal
 */
final class BuildCommand
{
    private const USAGE = <<<'TEXT'
        Builds Queue Autoscale's PHP extension from the sources of this package and installs it for the PHP that runs this.
        `php artisan queue:autoscale:install` needs no compiler, as it takes what was built for a release.

        Usage: vendor/bin/queue-autoscale-build [options]

          --library        build the library for FFI instead, which needs neither PHP's headers nor libclang
          --to=FOLDER      install there instead of PHP's folder of extensions, or of the package's folder lib
          --target=FOLDER  keep there what the compiler has made (some 400 MB), for a quicker next time
          --check          only tell what is missing for it
          --help           this text

        TEXT;

    /** What a shell adds to the number of the signal that ended a program. */
    private const SIGNAL_EXIT_CODE = 128;

    /** @param list<string> $arguments */
    public static function run(array $arguments): int
    {
        $product = Product::Extension;
        $folder = null;
        $target = null;
        $onlyCheck = false;

        foreach ($arguments as $argument) {
            if ($argument === '--library') {
                $product = Product::Library;
            } elseif ($argument === '--check') {
                $onlyCheck = true;
            } elseif (preg_match('/^--to=(.+)$/', $argument, $found) === 1) {
                $folder = $found[1];
            } elseif (preg_match('/^--target=(.+)$/', $argument, $found) === 1) {
                $target = $found[1];
            } elseif ($argument === '--help') {
                echo self::USAGE;

                return 0;
            } else {
                return self::fail("unknown option {$argument}\n\n" . self::USAGE);
            }
        }

        self::endInOrderOnSignals();

        try {
            return self::build(dirname(__DIR__, 3), $product, $folder, $target, $onlyCheck);
        } catch (CannotInstall $failed) {
            return self::fail("{$failed->getMessage()}\n");
        }
    }

    /** @throws CannotInstall */
    private static function build(string $package, Product $product, ?string $folder, ?string $target, bool $onlyCheck): int
    {
        $build = new Build($package, Toolchain::find());
        $build->checkTools($product);

        if ($onlyCheck) {
            echo 'Everything is there to build the ', $product->fileName(), ' for PHP ', PHP_VERSION, ".\n";

            return 0;
        }

        $temporary = $target === null ? new TemporaryFolder(sys_get_temp_dir()) : null;
        $built = $build->run($product, $temporary?->path ?? $target);
        self::install(new Installation("{$package}/lib", $product), $built, $folder, Release::ofPackage($package)->version);

        return 0;
    }

    /** @throws CannotInstall */
    private static function install(Installation $installation, string $built, ?string $folder, string $version): void
    {
        $file = $installation->put($built, $folder ?? $installation->folder(), $version);

        echo "\nInstalled version {$version} as {$file}; PHP ", PHP_VERSION, " takes it.\n";
        $line = $installation->iniLine($file);

        if ($line !== null) {
            echo "Now PHP must be told, once:\n\n  echo '{$line}' >> {$installation->iniFile()}\n";
        }
    }

    /** So that nothing is left in the temporary folder. */
    private static function endInOrderOnSignals(): void
    {
        if (extension_loaded('pcntl')) {
            pcntl_async_signals(true);

            foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
                pcntl_signal($signal, static fn() => exit(self::SIGNAL_EXIT_CODE + $signal));
            }
        }
    }

    private static function fail(string $message): int
    {
        fwrite(STDERR, "queue-autoscale-build: {$message}");

        return 1;
    }
}
