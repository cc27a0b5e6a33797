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
    /** By itself Rust links everything into one file on musl, and then makes no shared libraries. */
    private const MUSL_FLAGS = '-C target-feature=-crt-static';

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

    /** @throws CannotInstall with everything that is missing for it */
    public function checkTools(Product $product): void
    {
        $problems = $this->tools->problems($product, $this->rustVersion(), PackageManager::ofThisMachine());

        if ($problems !== []) {
            throw new CannotInstall("this machine lacks\n  - " . implode("\n  - ", $problems));
        }
    }

    /**
     * @param string $target the folder for what comes up meanwhile, some 400 MB
     * @return string the file that was built
     * @throws CannotInstall
     */
    public function run(Product $product, string $target): string
    {
        $exitCode = Programs::run(
            [
                (string) $this->tools->cargo, 'build', '--release', '--locked', '--package', 'queue-autoscale', '--lib',
                '--manifest-path', "{$this->package}/Cargo.toml",
                '--features', $product->feature(),
                '--target-dir', $target,
            ],
            $this->environment($product),
        );

        if ($exitCode !== 0) {
            throw new CannotInstall('cargo could not build it; see above');
        }

        $built = "{$target}/release/" . Product::builtName();

        return is_file($built) ? $built : throw new CannotInstall(
            "cargo has built no {$built}; does CARGO_BUILD_TARGET or a config.toml of cargo name another target?",
        );
    }

    /** @return array<string, string> */
    private function environment(Product $product): array
    {
        $environment = $product === Product::Extension ? ['PHP' => PHP_BINARY, 'PHP_CONFIG' => (string) $this->tools->phpConfig] : [];

        return Platform::ofThisPhp()->libc === 'musl'
            ? $environment + ['RUSTFLAGS' => trim(getenv('RUSTFLAGS') . ' ' . self::MUSL_FLAGS)]
            : $environment;
    }
}
