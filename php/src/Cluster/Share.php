<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * What one host is to run.
 *
 * @internal
 */
final readonly class Share
{
    /**
     * @param list<array{0: string, 1: string, 2: int, 3?: int}> $workers connection, queues and workers of each pool, and how many
     *        of them stay although they find no job: all where that is left out, as releases did that knew no such number. Other
     *        pools are to have no worker
     */
    public function __construct(
        /** Of whoever led when it was made; a higher one goes before a lower. */
        public int $fencingNumber,
        /** Counts the shares under one fencing number, from 1. */
        public int $serial,
        public array $workers,
    ) {
    }

    /** Whether this is what another one is, and not only the same numbers once more. */
    public function isSameAs(?self $other): bool
    {
        return $other !== null && [$this->fencingNumber, $this->serial] === [$other->fencingNumber, $other->serial];
    }

    /** @return array{int, int, string} */
    public function toArray(): array
    {
        return [
            $this->fencingNumber,
            $this->serial,
            json_encode($this->workers, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
        ];
    }

    /** @return ?self null where the store holds something else */
    public static function fromArray(mixed $values): ?self
    {
        [$fencingNumber, $serial, $json] = is_array($values) && array_is_list($values) ? $values + array_fill(0, 3, null) : [null, null, null];

        if (! is_int($fencingNumber) || $fencingNumber > ClusterStore::MAX_FENCING_NUMBER || ! is_int($serial) || ! is_string($json)) {
            return null;
        }

        $workers = json_decode($json, associative: true);

        // A pool that is not in a share is to have no worker: of one with a wrong row nothing counts.
        foreach (is_array($workers) ? $workers : [null] as $row) {
            if (! self::isRow($row)) {
                return null;
            }
        }

        return new self($fencingNumber, $serial, array_values($workers));
    }

    private static function isRow(mixed $row): bool
    {
        return is_array($row)
            && is_string($row[0] ?? null)
            && is_string($row[1] ?? null)
            && is_int($row[2] ?? null) && $row[2] >= 0
            && (! isset($row[3]) || (is_int($row[3]) && $row[3] >= 0));
    }
}
