<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use Exception;
use QueueAutoscale\Exception\EngineException;
use QueueAutoscale\Exception\HostException;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Exception\InvalidConfiguration;
use QueueAutoscale\Exception\LibraryUnavailable;
use QueueAutoscale\Exception\QueueAutoscaleException;
use QueueAutoscale\Exception\SupervisorException;
use ReflectionProperty;

/**
 * What went wrong, as the exception that the extension would throw, from where the extension would throw it.
 *
 * @internal
 */
final class Failure
{
    /** The numbers of qa_status. */
    private const INVALID_ARGUMENT = 1;

    private const INVALID_CONFIGURATION = 2;

    private const HOST_ERROR = 3;

    private const SUPERVISOR_ERROR = 4;

    public static function exception(int $status, string $message): QueueAutoscaleException
    {
        return self::fromCaller(match ($status) {
            self::INVALID_ARGUMENT => new InvalidArgument(self::withPhpName($message)),
            self::INVALID_CONFIGURATION => new InvalidConfiguration($message),
            self::HOST_ERROR => new HostException($message),
            self::SUPERVISOR_ERROR => new SupervisorException($message),
            default => new EngineException($message),
        });
    }

    public static function argument(string $message): InvalidArgument
    {
        return self::fromCaller(new InvalidArgument($message));
    }

    public static function unavailable(string $reason): LibraryUnavailable
    {
        return self::fromCaller(new LibraryUnavailable(
            'The PHP extension queue_autoscale is not loaded, and its library, which can take its place over FFI, cannot be used '
            . "either: {$reason}.",
        ));
    }

    /** From "turn: workers: …" or "now_seconds: …" to "$workers: …" and "$nowSeconds: …". */
    private static function withPhpName(string $message): string
    {
        return (string) preg_replace_callback(
            '/^(?:turn: )?(\w+)(?=: )/',
            static fn(array $found): string => '$' . lcfirst(str_replace('_', '', ucwords($found[1], '_'))),
            $message,
        );
    }

    /**
     * Lets the exception tell of the line that called a class of this folder, and of nothing below.
     *
     * @template T of Exception
     * @param T $exception
     * @return T
     */
    private static function fromCaller(Exception $exception): Exception
    {
        foreach ($exception->getTrace() as $depth => $call) {
            if (isset($call['file'], $call['line']) && ! str_starts_with($call['file'], dirname(__DIR__) . '/')) {
                self::set($exception, 'file', $call['file']);
                self::set($exception, 'line', $call['line']);
                self::set($exception, 'trace', array_slice($exception->getTrace(), $depth));

                break;
            }
        }

        return $exception;
    }

    private static function set(Exception $exception, string $property, mixed $value): void
    {
        (new ReflectionProperty(Exception::class, $property))->setValue($exception, $value);
    }
}
