<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * Puts what was built where PHP looks for it, and shows that PHP takes it.
 *
 * @internal
 */
final readonly class Installation
{
    private const PRINT_EXTENSION_VERSION = 'echo phpversion("queue_autoscale");';

    private const PRINT_LIBRARY_VERSION = 'echo FFI::cdef("const char *qa_version(void);", $argv[1])->qa_version();';

    public function __construct(
        private string $package,
        private Product $product,
    ) {
    }

    /** The best folder that this user may write to: PHP's own for extensions, else the package's. */
    public function folder(): string
    {
        $extensions = (string) ini_get('extension_dir');

        return $this->product === Product::Extension && is_writable($extensions) ? $extensions : "{$this->package}/lib";
    }

    /** @return ?string where the file is now; null where it could not be copied */
    public function put(string $built, string $folder): ?string
    {
        $file = "{$folder}/{$this->product->fileName()}";

        if (! is_dir($folder) && ! @mkdir($folder, recursive: true)) {
            return null;
        }

        // Renamed into place: a PHP that runs right now keeps the file it has mapped.
        return @copy($built, "{$file}.new") && rename("{$file}.new", $file) ? (string) realpath($file) : null;
    }

    /** @return string the version that a new PHP reads out of the file; empty where it does not take it */
    public function loadedVersion(string $file): string
    {
        // A complaint is no version.
        $silently = ['-d', 'display_errors=0', '-d', 'display_startup_errors=0'];

        return Programs::output($this->product === Product::Extension
            ? [PHP_BINARY, '-n', ...$silently, '-d', "extension={$file}", '-r', self::PRINT_EXTENSION_VERSION]
            : [PHP_BINARY, ...$silently, '-d', 'ffi.enable=1', '-r', self::PRINT_LIBRARY_VERSION, '--', $file]);
    }

    /** What php.ini must say; null where nothing is needed. */
    public function iniLine(string $file): ?string
    {
        $isInPlace = dirname($file) === realpath((string) ini_get('extension_dir'));

        return match (true) {
            $this->product === Product::Extension => 'extension=' . ($isInPlace ? 'queue_autoscale' : $file),
            dirname($file) === realpath("{$this->package}/lib") => null,
            default => "queue_autoscale.library={$file}",
        };
    }

    /** The file that the line belongs in: one of its own where PHP reads a folder of them. */
    public function iniFile(): string
    {
        return match (true) {
            PHP_CONFIG_FILE_SCAN_DIR !== '' => PHP_CONFIG_FILE_SCAN_DIR . '/queue_autoscale.ini',
            php_ini_loaded_file() !== false => php_ini_loaded_file(),
            default => PHP_CONFIG_FILE_PATH . '/php.ini',
        };
    }
}
