<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * What a build needs of this machine.
 *
 * @internal
 */
final readonly class Toolchain
{
    private const LIBCLANG_FOLDERS = [
        '/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/lib/llvm*/lib', '/usr/lib/*-linux-gnu', '/usr/lib64/llvm*/lib*',
        '/opt/homebrew/opt/llvm/lib', '/usr/local/opt/llvm/lib', '/Library/Developer/CommandLineTools/usr/lib',
    ];

    private function __construct(
        public ?string $cargo,
        public ?string $phpConfig,
    ) {
    }

    public static function find(): self
    {
        return new self(Programs::find('cargo'), self::findPhpConfig());
    }

    /** @return list<string> what is missing for $product, each with how to get it */
    public function problems(Product $product, string $rustVersion, PackageManager $packages): array
    {
        $problems = [
            $this->cargoProblem($rustVersion, $packages),
            Programs::find('cc', 'gcc', 'clang') === null ? "no C compiler, with which Rust links: {$packages->cCompiler()}" : null,
        ];

        if ($product === Product::Extension) {
            $problems[] = $this->headersProblem($packages);
            $problems[] = self::hasLibclang() ? null : "no libclang, which reads PHP's headers: {$packages->libclang()}";
        }

        return array_values(array_filter($problems));
    }

    private function cargoProblem(string $rustVersion, PackageManager $packages): ?string
    {
        if ($this->cargo === null) {
            return "no cargo: {$packages->rust($rustVersion)}";
        }

        preg_match('/\d+\.\d+(\.\d+)?/', Programs::output([$this->cargo, '--version']), $found);
        $version = $found[0] ?? '0';

        return version_compare($version, $rustVersion, '<')
            ? "cargo {$version} is too old: {$packages->rust($rustVersion)}, or run rustup update"
            : null;
    }

    private function headersProblem(PackageManager $packages): ?string
    {
        if ($this->phpConfig === null) {
            return 'no php-config of PHP ' . PHP_VERSION . ', which knows where the headers are: ' . $packages->phpHeaders()
                . ' (or set PHP_CONFIG to its file)';
        }

        $headers = Programs::output([$this->phpConfig, '--include-dir']);

        return is_file("{$headers}/main/php.h") ? null : "no headers of PHP in {$headers}: {$packages->phpHeaders()}";
    }

    /** The php-config of the very PHP that runs, of several that may be installed. */
    private static function findPhpConfig(): ?string
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        $names = [
            (string) getenv('PHP_CONFIG'),
            dirname(PHP_BINARY) . "/php-config{$version}",
            dirname(PHP_BINARY) . '/php-config',
            PHP_BINDIR . "/php-config{$version}",
            PHP_BINDIR . '/php-config',
            "php-config{$version}",
            'php-config',
        ];

        foreach (array_filter($names) as $name) {
            $file = Programs::find($name);

            if ($file !== null && Programs::output([$file, '--version']) === PHP_VERSION) {
                return $file;
            }
        }

        return null;
    }

    private static function hasLibclang(): bool
    {
        $folders = [...self::LIBCLANG_FOLDERS, ...array_filter([(string) getenv('LIBCLANG_PATH')])];

        foreach ($folders as $folder) {
            if (glob("{$folder}/libclang*.so*") !== [] || glob("{$folder}/libclang*.dylib") !== []) {
                return true;
            }
        }

        return false;
    }
}
