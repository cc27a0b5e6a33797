<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

use FFI;
use FFI\Exception as FfiException;

/**
 * Brings one product to this machine, from a release or from the package's sources. Either all of it or nothing.
 *
 * @internal
 */
final readonly class Installer
{
    public Installation $installation;

    public string $folder;

    /** @param ?string $folder null for the best one */
    public function __construct(
        private string $package,
        private Release $release,
        private Platform $platform,
        public Product $product,
        string $storage,
        ?string $folder,
    ) {
        $this->installation = new Installation(Home::ofRelease($storage, $release, $platform), $product);
        $this->folder = $folder ?? $this->installation->folder();
    }

    public static function defaultProduct(): Product
    {
        // Where the extension is loaded, the library is not looked for.
        return ! extension_loaded('queue_autoscale') && self::allowsFfi() ? Product::Library : Product::Extension;
    }

    /** What is there already, if it is of this package's version. */
    public function installed(): ?string
    {
        $file = $this->installation->file($this->folder);

        return $this->installation->loadedVersion($file) === $this->release->version ? (string) realpath($file) : null;
    }

    /** Where the file would be taken from. */
    public function source(?string $from): string
    {
        return rtrim($from ?? $this->release->url, '/') . "/{$this->release->archive($this->product, $this->platform)}";
    }

    /** Whether a PHP that is started now would use $file. */
    public function isActive(string $file): bool
    {
        return $this->installation->iniLine($file) === null || $this->installation->isActive($file, $this->release->version);
    }

    /**
     * @param ?string $from a URL or a folder; null for the release
     * @return string the file
     * @throws CannotInstall
     */
    public function download(?string $from, Download $download): string
    {
        $archive = $this->release->archive($this->product, $this->platform);
        // Before anything is downloaded that could not be checked.
        $sum = $this->release->sum($archive);
        $temporary = new TemporaryFolder(sys_get_temp_dir());
        $path = "{$temporary->path}/{$archive}";
        $download->get($archive, $from ?? $this->release->url, $path);
        $file = (new Archive($path))->unpacked($this->product->fileName(), $sum, $temporary->path);

        return $this->installation->put($file, $this->folder, $this->release->version);
    }

    /**
     * @return string the file
     * @throws CannotInstall
     */
    public function build(): string
    {
        $build = new Build($this->package, Toolchain::find());
        $build->checkTools($this->product);
        $temporary = new TemporaryFolder(sys_get_temp_dir());

        return $this->installation->put($build->run($this->product, $temporary->path), $this->folder, $this->release->version);
    }

    private static function allowsFfi(): bool
    {
        if (! extension_loaded('ffi')) {
            return false;
        }

        try {
            FFI::cdef();
        } catch (FfiException) {
            return false;
        }

        return true;
    }
}
