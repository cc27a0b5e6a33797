<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use QueueAutoscale\Laravel\Installation\Platform;
use QueueAutoscale\Laravel\Installation\Product;
use QueueAutoscale\Laravel\Installation\Release;
use RuntimeException;

/** A release made of what was built here: its archives in `files`, and in `package` what the package has of them. */
final readonly class ReleasedPackage
{
    private const PROJECT = __DIR__ . '/../../..';

    public string $package;

    public string $files;

    public function __construct(string $folder)
    {
        $this->package = "{$folder}/package";
        $this->files = "{$folder}/files";
        mkdir("{$this->package}/php", recursive: true);
        mkdir($this->files);
        copy(self::PROJECT . '/Cargo.toml', "{$this->package}/Cargo.toml");
        copy(self::PROJECT . '/composer.json', "{$this->package}/composer.json");
    }

    public function release(): Release
    {
        return Release::ofPackage($this->package);
    }

    /**
     * Puts a file into the release, with its checksum.
     *
     * @return string the name of its archive
     */
    public function add(Product $product, string $built): string
    {
        $name = $this->release()->archive($product, Platform::ofThisPhp());
        $content = "{$this->files}/{$product->fileName()}";
        copy($built, $content);
        exec('tar -czf ' . escapeshellarg("{$this->files}/{$name}") . ' -C ' . escapeshellarg($this->files)
            . ' ' . escapeshellarg($product->fileName()), result_code: $code);
        unlink($content);

        if ($code !== 0) {
            throw new RuntimeException("{$name} could not be made.");
        }

        file_put_contents(
            "{$this->package}/php/SHA256SUMS",
            hash_file('sha256', "{$this->files}/{$name}") . "  {$name}\n",
            FILE_APPEND,
        );

        return $name;
    }
}
