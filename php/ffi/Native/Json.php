<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use JsonException;

/**
 * PHP values on their way into the library and back.
 *
 * @internal
 */
final class Json
{
    private const FLAGS = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION
        | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;

    /** Deepest nesting that is followed; a configuration has six levels, and a reference may lead in a circle. */
    private const MAX_DEPTH = 16;

    /** The value, with a text in place of what JSON cannot express, so that an error can name it. */
    public static function encode(mixed $value): string
    {
        try {
            return json_encode($value, self::FLAGS);
        } catch (JsonException) {
            return self::encodePlain($value);
        }
    }

    /** The same, for what must not be taken for a plain value where it is none: objects are named as such. */
    public static function encodePlain(mixed $value): string
    {
        return json_encode(self::plain($value, self::MAX_DEPTH), self::FLAGS);
    }

    public static function decode(string $json): mixed
    {
        return json_decode($json, associative: true, flags: JSON_THROW_ON_ERROR);
    }

    private static function plain(mixed $value, int $depth): mixed
    {
        return match (true) {
            is_float($value) && ! is_finite($value) => is_nan($value) ? 'NaN' : ($value > 0 ? 'inf' : '-inf'),
            is_array($value) && $depth === 0 => 'an array nested too deeply',
            is_array($value) => array_map(static fn(mixed $element): mixed => self::plain($element, $depth - 1), $value),
            // As an array, since no key of the configuration takes any text inside of one.
            is_object($value) => ['an object of ' . $value::class . ' where a plain value was expected' => true],
            is_scalar($value), $value === null => $value,
            default => ['a value of a strange type where a plain value was expected' => true],
        };
    }
}
