<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * `vendor/bin/queue-autoscale-build`: checks, builds, installs, verifies.
 *
 * @internal
 */
final class BuildCommand
{
    private const USAGE = <<<'TEXT'
        Builds Queue Autoscale's PHP extension from the sources of this package and installs it for the PHP that runs this.

        Usage: vendor/bin/queue-autoscale-build [options]

          --library     build the library for FFI instead, which needs neither PHP's headers nor libclang
          --to=FOLDER   install there instead of PHP's folder of extensions, or of the package's folder lib
          --check       only tell what is missing for it
          --help        this text

        TEXT;

    /** @param list<string> $arguments */
    public static function run(array $arguments): int
    {
        $product = Product::Extension;
        $folder = null;
        $onlyCheck = false;

        foreach ($arguments as $argument) {
            if ($argument === '--library') {
                $product = Product::Library;
            } elseif ($argument === '--check') {
                $onlyCheck = true;
            } elseif (preg_match('/^--to=(.+)$/', $argument, $found) === 1) {
                $folder = $found[1];
            } elseif ($argument === '--help') {
                echo self::USAGE;

                return 0;
            } else {
                return self::fail("unknown option {$argument}\n\n" . self::USAGE);
            }
        }

        return self::build(dirname(__DIR__, 3), $product, $folder, $onlyCheck);
    }

    private static function build(string $package, Product $product, ?string $folder, bool $onlyCheck): int
    {
        $tools = Toolchain::find();
        $build = new Build($package, $tools);
        $problems = $tools->problems($product, $build->rustVersion(), PackageManager::ofThisMachine());

        if ($problems !== []) {
            return self::fail("this machine lacks\n  - " . implode("\n  - ", $problems) . "\n");
        }

        if ($onlyCheck) {
            echo 'Everything is there to build the ', $product->fileName(), ' for PHP ', PHP_VERSION, ".\n";

            return 0;
        }

        $built = $build->run($product);

        return $built === null
            ? self::fail("cargo could not build it; see above\n")
            : self::install(new Installation($package, $product), $built, $folder);
    }

    private static function install(Installation $installation, string $built, ?string $folder): int
    {
        $folder ??= $installation->folder();
        $file = $installation->put($built, $folder);

        if ($file === null) {
            return self::fail("{$folder} cannot be written to; run this as another user or name a folder with --to=\n");
        }

        $version = $installation->loadedVersion($file);

        if ($version === '') {
            return self::fail("PHP does not take {$file}; what it says: php -n -d extension={$file} -v\n");
        }

        echo "\nInstalled version {$version} as {$file}; PHP ", PHP_VERSION, " takes it.\n";
        $line = $installation->iniLine($file);

        if ($line !== null) {
            echo "Now PHP must be told, once:\n\n  echo '{$line}' >> {$installation->iniFile()}\n";
        }

        return 0;
    }

    private static function fail(string $message): int
    {
        fwrite(STDERR, "queue-autoscale-build: {$message}");

        return 1;
    }
}
