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

    public static function fromArray(mixed $values): ?self
    {
        return is_array($values) && count($values) === 3
            ? new self($values[0], $values[1], json_decode($values[2], associative: true, flags: JSON_THROW_ON_ERROR))
            : null;
    }
}
