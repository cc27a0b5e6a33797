<?php

declare(strict_types=1);

namespace App\Records;

/**
 * What happened, one JSON object a line, in the order of writing.
 *
 * Many processes append to the file at once, some of them about to be killed: each line is one write to a descriptor
 * opened for appending, so lines neither mix nor get lost.
 */
final class RecordFile
{
    public function __construct(private readonly string $path)
    {
    }

    /** @param array<string, scalar|null> $details */
    public function append(RecordKind $kind, array $details): void
    {
        $record = ['kind' => $kind->value, 'at' => microtime(true), 'pid' => getmypid()] + $details;

        file_put_contents($this->path, json_encode($record, JSON_THROW_ON_ERROR) . "\n", FILE_APPEND);
    }

    /** @return list<array<string, mixed>> */
    public function all(): array
    {
        $lines = is_file($this->path) ? explode("\n", (string) file_get_contents($this->path)) : [];
        // Empty, unless somebody is in the middle of writing: a line across two pages of memory becomes visible in two steps.
        array_pop($lines);

        return array_map(
            static fn(string $line): array => json_decode($line, associative: true, flags: JSON_THROW_ON_ERROR),
            $lines,
        );
    }

    /** @return list<array<string, mixed>> */
    public function of(RecordKind $kind): array
    {
        return array_values(array_filter($this->all(), static fn(array $record): bool => $record['kind'] === $kind->value));
    }

    public function clear(): void
    {
        file_put_contents($this->path, '');
    }
}
