<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * Puts a compiled file where PHP looks for it, once a new PHP has taken it.
 *
 * @internal
 */
final readonly class Installation
{
    private const PRINT_EXTENSION_VERSION = 'echo phpversion("queue_autoscale");';

    private const PRINT_LIBRARY_VERSION = 'echo FFI::cdef("const char *qa_version(void);", $argv[1])->qa_version();';

    private const PRINT_INI_LIBRARY = 'echo get_cfg_var("queue_autoscale.library");';

    /** A complaint is no version. */
    private const SILENTLY = ['-d', 'display_errors=0', '-d', 'display_startup_errors=0', '-d', 'log_errors=0'];

    private const COMPLAINING = ['-d', 'display_errors=1', '-d', 'display_startup_errors=1', '-d', 'log_errors=0', '-d', 'html_errors=0'];

    private const FILE_MODE = 0o755;

    /** @param string $home the folder in which the library is found without a word in php.ini */
    public function __construct(
        private string $home,
        private Product $product,
    ) {
    }

    /** The best folder that this user may write to: PHP's own for extensions, else the one that is looked into anyway. */
    public function folder(): string
    {
        $extensions = (string) ini_get('extension_dir');

        return $this->product === Product::Extension && is_writable($extensions) ? $extensions : $this->home;
    }

    public function file(string $folder): string
    {
        return "{$folder}/{$this->product->fileName()}";
    }

    /**
     * @param string $version that the file must tell of itself
     * @return string where the file is now
     * @throws CannotInstall with all as it was before
     */
    public function put(string $built, string $folder, string $version): string
    {
        $file = $this->file($folder);

        if (! is_dir($folder) && ! @mkdir($folder, recursive: true)) {
            throw new CannotInstall("{$folder} cannot be made; run this as another user, or name a folder with --to=");
        }

        // Beside its place: another folder may lie on another disk, or on one that nothing may be run from.
        $staging = new TemporaryFolder($folder, '.queue-autoscale-');
        $staged = $this->file($staging->path);

        if (! @copy($built, $staged) || filesize($staged) !== filesize($built) || ! chmod($staged, self::FILE_MODE)) {
            throw new CannotInstall("{$built} cannot be copied to {$folder}; is there room on that disk?");
        }

        $loaded = $this->loadedVersion($staged);

        if ($loaded !== $version) {
            throw new CannotInstall(
                $loaded === ''
                    ? "PHP does not take {$this->product->fileName()}: {$this->complaint($staged)}"
                    : "{$built} is version {$loaded}, and this package is version {$version}; take the file of this version",
            );
        }

        // Renamed into place: a PHP that runs right now keeps the file it has mapped.
        return @rename($staged, $file) ? (string) realpath($file) : throw new CannotInstall("{$file} cannot be replaced");
    }

    /** @return string the version that a new PHP reads out of the file; empty where it does not take it */
    public function loadedVersion(string $file): string
    {
        return is_file($file) ? Programs::output($this->loading($file, self::SILENTLY)) : '';
    }

    /** Whether a PHP that is started as usual uses the file, as far as php.ini says. */
    public function isActive(string $file, string $version): bool
    {
        return $this->product === Product::Extension
            ? Programs::output([PHP_BINARY, ...self::SILENTLY, '-r', self::PRINT_EXTENSION_VERSION]) === $version
            : Programs::output([PHP_BINARY, ...self::SILENTLY, '-r', self::PRINT_INI_LIBRARY]) === $file;
    }

    /** What php.ini must say; null where nothing is needed. */
    public function iniLine(string $file): ?string
    {
        $isInPlace = dirname($file) === realpath((string) ini_get('extension_dir'));

        return match (true) {
            $this->product === Product::Extension => 'extension=' . ($isInPlace ? 'queue_autoscale' : $file),
            dirname($file) === realpath($this->home) => null,
            default => "queue_autoscale.library={$file}",
        };
    }

    /** The file that the line belongs in: one of its own where PHP reads a folder of them. */
    public function iniFile(): string
    {
        $folder = self::iniFolder();

        return match (true) {
            $folder !== '' => "{$folder}/queue_autoscale.ini",
            php_ini_loaded_file() !== false => php_ini_loaded_file(),
            default => PHP_CONFIG_FILE_PATH . '/php.ini',
        };
    }

    /**
     * Writes the line into a file of its own.
     *
     * @return bool false where PHP reads no folder of such files, or this user may not write there
     */
    public function writeIni(string $line): bool
    {
        return self::iniFolder() !== '' && @file_put_contents($this->iniFile(), "{$line}\n") !== false;
    }

    public function mayWriteIni(): bool
    {
        $file = $this->iniFile();

        return self::iniFolder() !== '' && is_writable(is_file($file) ? $file : dirname($file));
    }

    /** The first folder that PHP reads .ini files of; empty where it reads none. */
    private static function iniFolder(): string
    {
        // The environment goes before what PHP was built with, which an empty entry stands for.
        $named = explode(PATH_SEPARATOR, (string) getenv('PHP_INI_SCAN_DIR'))[0];

        return $named !== '' ? $named : explode(PATH_SEPARATOR, PHP_CONFIG_FILE_SCAN_DIR)[0];
    }

    /** The first line of what PHP has to say against the file. */
    private function complaint(string $file): string
    {
        $complaint = Programs::output($this->loading($file, self::COMPLAINING), withErrors: true);
        preg_match('/^.*(?:Warning|Error|error|Exception).*$/m', $complaint, $line);

        return str_replace("{$file}: ", '', $line[0] ?? ($complaint === '' ? 'it says nothing' : strtok($complaint, "\n")));
    }

    /**
     * @param list<string> $options
     * @return list<string> a command that prints the file's version
     */
    private function loading(string $file, array $options): array
    {
        return $this->product === Product::Extension
            ? [PHP_BINARY, '-n', ...$options, '-d', "extension={$file}", '-r', self::PRINT_EXTENSION_VERSION]
            : [PHP_BINARY, ...$options, '-d', 'ffi.enable=1', '-r', self::PRINT_LIBRARY_VERSION, '--', $file];
    }
}
