<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * What a compiled file must fit: the machine, its C library, and for an extension PHP itself.
 *
 * The words are those that PIE, the PHP Installer for Extensions, uses in the names of release files.
 *
 * @internal
 */
final readonly class Platform
{
    private const ARCHITECTURES = ['x86_64' => 'x86_64', 'amd64' => 'x86_64', 'aarch64' => 'arm64', 'arm64' => 'arm64'];

    /** Which files this process has mapped; the C library is always one of them. */
    private const MAPPED_FILES = '/proc/self/maps';

    public function __construct(
        public string $architecture,
        public string $system,
        public string $libc,
        public string $phpVersion,
        public bool $isThreadSafe = false,
        public bool $isDebug = false,
    ) {
    }

    /** @throws CannotInstall where no file could fit */
    public static function ofThisPhp(): self
    {
        return new self(
            self::architectureOf(php_uname('m'), PHP_INT_SIZE),
            self::systemOf(PHP_OS_FAMILY),
            PHP_OS_FAMILY === 'Darwin' ? 'bsdlibc' : self::libcIn((string) @file_get_contents(self::MAPPED_FILES)),
            PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION,
            (bool) PHP_ZTS,
            (bool) PHP_DEBUG,
        );
    }

    /** @throws CannotInstall */
    public static function architectureOf(string $machine, int $integerBytes): string
    {
        // A PHP of 32 bits runs on a kernel of 64.
        return ($integerBytes === 8 ? self::ARCHITECTURES[strtolower($machine)] ?? null : null)
            ?? throw new CannotInstall(
                "PHP runs on {$machine} with " . 8 * $integerBytes . ' bits; there are files for x86_64 and arm64 with 64 bits',
            );
    }

    /** @throws CannotInstall */
    public static function systemOf(string $family): string
    {
        return match ($family) {
            'Linux' => 'linux',
            'Darwin' => 'darwin',
            default => throw new CannotInstall("Queue Autoscale runs on Linux and macOS, not on {$family}"),
        };
    }

    /**
     * @param string $mappedFiles as /proc/self/maps lists them
     * @throws CannotInstall
     */
    public static function libcIn(string $mappedFiles): string
    {
        return match (true) {
            preg_match('~/(?:ld-musl-|libc\.musl-)~', $mappedFiles) === 1 => 'musl',
            preg_match('~/libc(?:-\d[\d.]*)?\.so~', $mappedFiles) === 1 => 'glibc',
            // Without /proc, what is installed must do.
            $mappedFiles === '' => glob('/lib/ld-musl-*') === [] ? 'glibc' : 'musl',
            default => throw new CannotInstall(
                'This PHP is linked statically, without a C library that files could be loaded with; use a PHP that loads extensions',
            ),
        };
    }

    /** Whatever a library must fit, such as "x86_64-linux-glibc". */
    public function machine(): string
    {
        return "{$this->architecture}-{$this->system}-{$this->libc}";
    }

    /** Whatever an extension must fit, such as "php8.4-x86_64-linux-musl-zts". */
    public function php(): string
    {
        return "php{$this->phpVersion}-{$this->machine()}" . ($this->isDebug ? '-debug' : '') . ($this->isThreadSafe ? '-zts' : '');
    }
}
