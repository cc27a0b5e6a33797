<?php

declare(strict_types=1);

namespace App\Bootstrap;

/**
 * What Composer does for the packages that composer.json names as folders ("type": "path"), where there is no
 * Composer: it loads their classes and leaves the list of installed packages from which Laravel discovers providers.
 */
final class FolderPackages
{
    private static ?self $loaded = null;

    /** @param array<string, array<string, mixed>> $manifests composer.json's contents by folder */
    private function __construct(
        private readonly string $applicationFolder,
        private readonly array $manifests,
    ) {
    }

    /** Reads composer.json once; asked again, the stand-ins' classes could no longer be told from the real ones. */
    public static function load(string $applicationFolder): self
    {
        return self::$loaded ??= self::read($applicationFolder);
    }

    private static function read(string $applicationFolder): self
    {
        $application = self::readJson($applicationFolder . '/composer.json');
        $manifests = [$applicationFolder => $application];

        foreach (self::realPackages() as $folder) {
            $manifests[$folder] = self::readJson($folder . '/composer.json');
        }

        foreach ($application['repositories'] as $repository) {
            $folder = (string) realpath($applicationFolder . '/' . $repository['url']);
            $manifest = self::readJson($folder . '/composer.json');

            if (! self::isLeftOut($manifest, self::foldersByPrefix($manifests))) {
                $manifests[$folder] = $manifest;
            }
        }

        return new self($applicationFolder, $manifests);
    }

    /**
     * @param array<string, array<string, mixed>> $manifests
     * @return array<string, string> the longest prefix first, as a nested namespace may live in a folder of its own
     */
    private static function foldersByPrefix(array $manifests): array
    {
        $folders = [];

        foreach ($manifests as $folder => $manifest) {
            foreach ($manifest['autoload']['psr-4'] ?? [] as $prefix => $path) {
                $folders[$prefix] = $folder . '/' . rtrim($path, '/');
            }
        }

        uksort($folders, static fn(string $a, string $b): int => strlen($b) <=> strlen($a));

        return $folders;
    }

    /** @param array<string, string> $folders by prefix */
    private static function fileOf(string $class, array $folders): ?string
    {
        foreach ($folders as $prefix => $folder) {
            $file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';

            if (str_starts_with($class, $prefix) && is_file($file)) {
                return $file;
            }
        }

        return null;
    }

    public function registerAutoloader(): void
    {
        $folders = self::foldersByPrefix($this->manifests);

        spl_autoload_register(static function (string $class) use ($folders): void {
            $file = self::fileOf($class, $folders);

            if ($file !== null) {
                require_once $file;
            }
        });
    }

    /**
     * Writes `composer/installed.json` as Composer does into a folder of the same layout as `vendor`.
     *
     * @return bool whether it changed, so that what Laravel cached of it is out of date
     */
    public function writeInstalledJson(string $vendorFolder): bool
    {
        $packages = [];

        foreach ($this->manifests as $folder => $manifest) {
            if ($folder !== $this->applicationFolder) {
                $packages[] = ['name' => $manifest['name'], 'extra' => $manifest['extra'] ?? []];
            }
        }

        // By name, as Composer sorts them: their providers are loaded, and so their listeners called, in this order.
        usort($packages, static fn(array $a, array $b): int => $a['name'] <=> $b['name']);
        $file = $vendorFolder . '/composer/installed.json';
        $contents = json_encode(['packages' => $packages], JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT) . "\n";

        if (is_file($file) && file_get_contents($file) === $contents) {
            return false;
        }

        if (! is_dir(dirname($file))) {
            @mkdir(dirname($file), recursive: true);
        }

        // Several processes may start at once: each sees the old file or the new one, never a part.
        $temporary = $file . '.' . getmypid();
        file_put_contents($temporary, $contents);
        rename($temporary, $file);

        return true;
    }

    /** @return list<string> the folders that scripts/test-real named */
    private static function realPackages(): array
    {
        return self::isWithoutMetrics() ? [] : array_filter(explode(':', (string) getenv('QUEUE_AUTOSCALE_TEST_PACKAGES')));
    }

    /** What happens without the real package and without its stand-in is tested as well. */
    private static function isWithoutMetrics(): bool
    {
        return getenv('WITHOUT_STAND_INS') !== false;
    }

    /**
     * @param array<string, mixed> $manifest
     * @param array<string, string> $folders by prefix, of the packages that are not left out
     */
    private static function isLeftOut(array $manifest, array $folders): bool
    {
        $class = $manifest['extra']['stands-in-for'] ?? null;

        return is_string($class)
            && (class_exists($class) || self::fileOf($class, $folders) !== null || self::isWithoutMetrics());
    }

    /** @return array<string, mixed> */
    private static function readJson(string $file): array
    {
        return json_decode((string) file_get_contents($file), associative: true, flags: JSON_THROW_ON_ERROR);
    }
}
