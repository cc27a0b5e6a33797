<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use Closure;
use QueueAutoscale\Exception\LibraryUnavailable;

/**
 * Where the library is: what the environment or php.ini says goes before the application's folder, and that before the package's.
 *
 * @internal
 */
final class LibraryFile
{
    public const REMEDY = 'run php artisan queue:autoscale:install, or build it with vendor/bin/queue-autoscale-build --library';

    private const ENVIRONMENT = 'QUEUE_AUTOSCALE_LIBRARY';

    /** A line of php.ini, which PHP keeps for whoever asks. */
    private const INI = 'queue_autoscale.library';

    /** @var ?Closure(): ?string */
    private static ?Closure $applicationFolder = null;

    /** @param Closure(): ?string $folder asked only once the library is looked for; null where there is none */
    public static function lookAlsoIn(Closure $folder): void
    {
        self::$applicationFolder = $folder;
    }

    /** @throws LibraryUnavailable */
    public static function find(): string
    {
        foreach (self::named() as $source => $file) {
            if ($file !== '') {
                return is_file($file) ? $file : throw Failure::unavailable("{$source} names {$file}, which is no file");
            }
        }

        foreach (self::folders() as $folder) {
            if (is_file("{$folder}/" . self::name())) {
                return (string) realpath("{$folder}/" . self::name());
            }
        }

        throw Failure::unavailable(
            self::name() . ' is not where it belongs, in ' . implode(' or ', self::folders()) . '; ' . self::REMEDY
            . ', or say where it is with ' . self::ENVIRONMENT . ' or with ' . self::INI . ' in php.ini',
        );
    }

    /** @return list<string> */
    private static function folders(): array
    {
        $applications = self::$applicationFolder === null ? null : (self::$applicationFolder)();

        return [...(array) $applications, dirname(__DIR__, 3) . '/lib'];
    }

    /** @return array<string, string> */
    private static function named(): array
    {
        return [
            self::ENVIRONMENT => (string) getenv(self::ENVIRONMENT),
            self::INI => (string) get_cfg_var(self::INI),
        ];
    }

    private static function name(): string
    {
        return 'libqueue_autoscale.' . (PHP_OS_FAMILY === 'Darwin' ? 'dylib' : 'so');
    }
}
