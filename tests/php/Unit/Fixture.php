<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

/** Recordings of what QueueMetrics returned. */
final class Fixture
{
    /** @return array<string, array<string, mixed>> */
    public static function metrics(string $name): array
    {
        $json = (string) file_get_contents(__DIR__ . "/../../fixtures/{$name}.json");

        return json_decode($json, associative: true, flags: JSON_THROW_ON_ERROR);
    }

    /** @return list<string> */
    public static function names(): array
    {
        return array_map(
            static fn(string $file): string => basename($file, '.json'),
            glob(__DIR__ . '/../../fixtures/*.json') ?: [],
        );
    }
}
