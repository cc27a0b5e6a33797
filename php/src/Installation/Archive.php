<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

use Exception;
use PharData;

/**
 * A downloaded archive, of which nothing is used before its checksum is right.
 *
 * @internal
 */
final readonly class Archive
{
    private const ALGORITHM = 'sha256';

    public function __construct(private string $path)
    {
    }

    /**
     * @return string the file, unpacked into $folder
     * @throws CannotInstall
     */
    public function unpacked(string $file, string $expectedSum, string $folder): string
    {
        $sum = (string) hash_file(self::ALGORITHM, $this->path);
        $name = basename($this->path);

        if (! hash_equals($expectedSum, $sum)) {
            throw new CannotInstall(
                "{$name} is not what this package was released with: its SHA-256 is {$sum} instead of {$expectedSum}. "
                . 'It is damaged, of another version, or not ours; nothing was installed. Remove it, and take it from the release again',
            );
        }

        if (! extension_loaded('phar') || ! extension_loaded('zlib')) {
            throw new CannotInstall("PHP needs its extensions phar and zlib to unpack {$name}; install them, or unpack it by hand");
        }

        try {
            (new PharData($this->path))->extractTo($folder, $file, overwrite: true);
        } catch (Exception $failed) {
            throw new CannotInstall("{$name} cannot be unpacked into {$folder}: {$failed->getMessage()}");
        }

        return "{$folder}/{$file}";
    }
}
