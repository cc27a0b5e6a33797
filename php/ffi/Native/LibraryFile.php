<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use QueueAutoscale\Exception\LibraryUnavailable;

/**
 * Where the library is: what the environment or php.ini says goes before the file next to the package.
 *
 * @internal
 */
final class LibraryFile
{
    private const ENVIRONMENT = 'QUEUE_AUTOSCALE_LIBRARY';

    /** A line of php.ini, which PHP keeps for whoever asks. */
    private const INI = 'queue_autoscale.library';

    private const FOLDER = __DIR__ . '/../../../lib';

    /** @throws LibraryUnavailable */
    public static function find(): string
    {
        foreach (self::named() as $source => $file) {
            if ($file !== '') {
                return is_file($file) ? $file : throw Failure::unavailable("{$source} names {$file}, which is no file");
            }
        }

        $file = self::FOLDER . '/' . self::name();

        return is_file($file) ? (string) realpath($file) : throw Failure::unavailable(
            self::name() . ' is not where it belongs, in the folder lib of the package queue-autoscale/laravel; build it with '
            . 'vendor/bin/queue-autoscale-build --library, or say where it is with ' . self::ENVIRONMENT . ' or with '
            . self::INI . ' in php.ini',
        );
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
