<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * The release that this very package is of: its version, where its files are, and what they must be.
 *
 * @internal
 */
final readonly class Release
{
    /** As `sha256sum` writes it. A release brings it along; a checkout has none. */
    private const SUMS = 'php/SHA256SUMS';

    /** @param array<string, string> $sums by file name, in hexadecimal digits */
    private function __construct(
        public string $version,
        public string $url,
        private array $sums,
    ) {
    }

    public static function ofPackage(string $package): self
    {
        preg_match('/^version = "(.+)"$/m', (string) file_get_contents("{$package}/Cargo.toml"), $version);
        $composer = (array) json_decode((string) file_get_contents("{$package}/composer.json"), associative: true);
        preg_match_all('/^([0-9a-f]{64}) [ *](\S+)$/m', (string) @file_get_contents("{$package}/" . self::SUMS), $sums);
        $version = $version[1] ?? '';

        return new self(
            $version,
            rtrim($composer['support']['source'] ?? '', '/') . "/releases/download/{$version}",
            array_combine($sums[2], $sums[1]),
        );
    }

    /** The archive that has $product for $platform. */
    public function archive(Product $product, Platform $platform): string
    {
        return $product === Product::Extension
            ? "php_queue_autoscale-{$this->version}_{$platform->php()}.tgz"
            : "libqueue_autoscale-{$this->version}-{$platform->machine()}.tgz";
    }

    /** @throws CannotInstall where there is no such archive */
    public function sum(string $archive): string
    {
        return $this->sums[$archive] ?? throw new CannotInstall(
            $this->sums === []
                ? 'this copy of the package is no release, so it has no checksums and there is nothing to download; '
                    . 'build from its sources with --build, or require a released version'
                : "release {$this->version} has no {$archive}; build it with --build, or try --library or --extension",
        );
    }
}
