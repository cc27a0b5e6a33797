<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * Compiles the sources that the package brings along.
 *
 * @internal
 */
final readonly class Build
{
    public function __construct(
        private string $package,
        private Toolchain $tools,
    ) {
    }

    /** The oldest Rust that the sources can be compiled with. */
    public function rustVersion(): string
    {
        preg_match('/^rust-version = "(.+)"$/m', (string) file_get_contents("{$this->package}/Cargo.toml"), $found);

        return $found[1] ?? '0';
    }

    /** @return ?string the file that was built; null where that failed, which cargo has told why */
    public function run(Product $product): ?string
    {
        $target = $this->targetFolder($product);
        $exitCode = Programs::run(
            [
                (string) $this->tools->cargo, 'build', '--release', '--locked', '--lib',
                '--manifest-path', "{$this->package}/Cargo.toml",
                '--features', $product->feature(),
                '--target-dir', $target,
            ],
            $product === Product::Extension
                ? ['PHP' => PHP_BINARY, 'PHP_CONFIG' => (string) $this->tools->phpConfig]
                : [],
        );

        return $exitCode === 0 ? "{$target}/release/" . Product::builtName() : null;
    }

    /** A folder for each PHP, as what was compiled against one is no use for another. */
    private function targetFolder(Product $product): string
    {
        $folder = is_writable($this->package) ? $this->package : sys_get_temp_dir() . '/queue-autoscale-' . posix_getuid();

        return "{$folder}/target/" . ($product === Product::Extension ? 'php-' . PHP_VERSION . (PHP_ZTS ? '-zts' : '') : 'library');
    }
}
