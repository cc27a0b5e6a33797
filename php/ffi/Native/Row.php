<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use Closure;
use ReflectionClass;
use ReflectionNamedType;
use ReflectionProperty;

/**
 * The array form of a class of read-only properties: each property under its name in snake case.
 *
 * @internal
 */
final class Row
{
    /** @var array<class-string, array<string, string>> */
    private static array $keys = [];

    /** @var array<class-string, Closure> */
    private static array $makers = [];

    /**
     * @param class-string $class
     * @return array<string, string> each property's key, in the order of the properties
     */
    public static function keys(string $class): array
    {
        return self::$keys[$class] ??= array_combine($names = self::names($class), array_map(
            static fn(string $name): string => strtolower((string) preg_replace('/(?=[A-Z])/', '_', $name)),
            $names,
        ));
    }

    /**
     * An object of a class whose constructor is private.
     *
     * @template T of object
     * @param class-string<T> $class
     * @return T
     */
    public static function make(string $class, mixed ...$arguments): object
    {
        return self::maker($class)(...$arguments);
    }

    /**
     * The rows of a table as objects of a class whose private constructor takes names of properties and, at the same
     * positions, their values. A column that the class has no property for is passed over.
     *
     * @template T of object
     * @param class-string<T> $class
     * @param array{columns: list<string>, rows: list<list<mixed>>} $table
     * @return array<string, T> by "connection:queues", the columns that every table begins with
     */
    public static function all(string $class, array $table): array
    {
        $properties = array_flip(self::keys($class));
        $names = array_filter(array_map(static fn(string $column): ?string => $properties[$column] ?? null, $table['columns']));
        $make = self::maker($class);
        $objects = [];

        foreach ($table['rows'] as $values) {
            $objects["{$values[0]}:{$values[1]}"] = $make($names, $values);
        }

        return $objects;
    }

    /**
     * Refuses a row that lacks something or has something else.
     *
     * @param class-string $class
     * @param array<array-key, mixed> $row
     */
    public static function check(string $class, array $row): void
    {
        foreach (self::keys($class) as $name => $key) {
            $type = (new ReflectionProperty($class, $name))->getType();
            assert($type instanceof ReflectionNamedType);

            if (! self::fits($type, $row[$key] ?? null) || ! array_key_exists($key, $row)) {
                $found = array_key_exists($key, $row) ? self::shown($row[$key]) : 'nothing';

                throw Failure::argument("{$key}: {$found} where " . self::expectation($type) . ' was expected');
            }
        }
    }

    /** A value as an error shows it. */
    public static function shown(mixed $value): string
    {
        return match (true) {
            is_array($value) => 'an array',
            is_object($value) => 'an object of ' . $value::class . ' where a plain value was expected',
            is_string($value) => '"' . addcslashes($value, "\"\\\n\r\t\0") . '"',
            is_bool($value), $value === null => strtolower(var_export($value, true)),
            default => (string) $value,
        };
    }

    /** @param class-string $class */
    private static function maker(string $class): Closure
    {
        return self::$makers[$class] ??= Closure::bind(
            static fn(mixed ...$arguments): object => new $class(...$arguments),
            null,
            $class,
        );
    }

    /** @param class-string $class */
    private static function names(string $class): array
    {
        return array_map(
            static fn(ReflectionProperty $property): string => $property->getName(),
            (new ReflectionClass($class))->getProperties(),
        );
    }

    private static function fits(ReflectionNamedType $type, mixed $value): bool
    {
        return match (true) {
            $value === null => $type->allowsNull(),
            default => match ($type->getName()) {
                'int' => is_int($value),
                'float' => is_float($value) || is_int($value),
                'string' => is_string($value),
                'bool' => is_bool($value),
                default => is_array($value),
            },
        };
    }

    private static function expectation(ReflectionNamedType $type): string
    {
        return match ($type->getName()) {
            'int' => 'a whole number',
            'float' => 'a number',
            'string' => 'a string',
            'bool' => 'true or false',
            default => 'a list',
        } . ($type->allowsNull() ? ' or null' : '');
    }
}
