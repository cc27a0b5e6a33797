<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\HostCapacity;

/**
 * What a host says of itself.
 *
 * @internal
 */
final readonly class Report
{
    /** Of the format of the body. */
    private const VERSION = 1;

    private const CURRENT = ['starting', 'idle', 'busy', 'unknown', 'backing_off'];

    private const JSON_FLAGS = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION;

    private function __construct(
        /** The highest fencing number that it has seen. */
        public int $highestFencingNumber,
        /** Another one each time. */
        public int $beat,
        /** It leaves, and its workers with it. */
        public bool $isLast,
        /** For {@see \QueueAutoscale\ClusterPlanner::merge()}. */
        public string $body,
        /** Of what must be the same on all hosts; the empty text where it is not told. */
        public string $configuration = '',
    ) {
    }

    /** @param array<string, array<string, mixed>> $pools as the back end tells them */
    public static function of(
        int $highestFencingNumber,
        int $beat,
        ?Share $applied,
        bool $paused,
        ?HostCapacity $capacity,
        array $pools,
        string $configuration = '',
    ): self {
        return new self($highestFencingNumber, $beat, false, json_encode([
            'version' => self::VERSION,
            'fencing_number' => $applied->fencingNumber ?? 0,
            'serial' => $applied->serial ?? 0,
            'paused' => $paused,
            'capacity' => $capacity === null ? null : [
                'cpu_limit_cores' => $capacity->cpuLimitCores,
                'cpu_used_cores' => $capacity->cpuUsedCores,
                'memory_limit_bytes' => $capacity->memoryLimitBytes,
                'memory_used_bytes' => $capacity->memoryUsedBytes,
            ],
            'workers' => array_map(self::withoutWhatIsNotThere(...), array_values($pools)),
        ], self::JSON_FLAGS), $configuration);
    }

    public static function last(int $highestFencingNumber, int $beat): self
    {
        return new self($highestFencingNumber, $beat, true, '');
    }

    /**
     * @param array<string, mixed> $row of a pool
     * @return int workers that count towards its target: all but those on their way out
     */
    public static function currentWorkers(array $row): int
    {
        return array_sum(array_map(static fn(string $state): int => $row[$state] ?? 0, self::CURRENT));
    }

    /** @return array{int, int, bool, string, string} */
    public function toArray(): array
    {
        return [$this->highestFencingNumber, $this->beat, $this->isLast, $this->body, $this->configuration];
    }

    /** @return ?self null where the store holds something else */
    public static function fromArray(mixed $values): ?self
    {
        [$highest, $beat, $isLast, $body, $configuration] = is_array($values) && array_is_list($values)
            ? $values + [0, null, null, null, '']
            : [null, null, null, null, ''];
        $isWhole = is_int($highest) && $highest <= ClusterStore::MAX_FENCING_NUMBER
            && is_int($beat) && is_bool($isLast) && is_string($body) && is_string($configuration);

        return $isWhole ? new self($highest, $beat, $isLast, $body, $configuration) : null;
    }

    /**
     * @param array<string, mixed> $row
     * @return array<string, mixed>
     */
    private static function withoutWhatIsNotThere(array $row): array
    {
        return array_filter($row, static fn(mixed $value): bool => $value !== null && $value !== 0 && $value !== 0.0);
    }
}
