<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * Where an application keeps what was installed for it: in its storage, which deployments share and Composer leaves alone.
 *
 * Each version and each kind of machine has a folder of its own, so that a release that is being prepared never takes the
 * library from the one that runs, and hosts with one storage do not take each other's.
 *
 * @internal
 */
final class Home
{
    /** @return ?string null where no file could fit this machine */
    public static function find(string $storage): ?string
    {
        try {
            return self::ofRelease($storage, Release::ofPackage((new PackageFolder())->path), Platform::ofThisPhp());
        } catch (CannotInstall) {
            return null;
        }
    }

    public static function ofRelease(string $storage, Release $release, Platform $platform): string
    {
        return "{$storage}/queue-autoscale/{$release->version}-{$platform->machine()}";
    }

    /** Keeps what belongs to one machine out of the application's repository. */
    public static function hideFromGit(string $storage): void
    {
        $file = "{$storage}/queue-autoscale/.gitignore";

        if (is_dir(dirname($file)) && ! is_file($file)) {
            @file_put_contents($file, "*\n");
        }
    }
}
