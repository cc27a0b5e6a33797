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
    /** @param list<array{string, string, int}> $workers connection, queues and workers of each pool; others are to have none */
    public function __construct(
        /** Of whoever led when it was made; a higher one goes before a lower. */
        public int $fencingNumber,
        /** Counts the shares under one fencing number, from 1. */
        public int $serial,
        public array $workers,
    ) {
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
