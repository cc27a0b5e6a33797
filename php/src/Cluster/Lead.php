<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * What whoever leads tells all others again and again: that it is there.
 *
 * @internal
 */
final readonly class Lead
{
    public function __construct(
        public string $host,
        public int $fencingNumber,
        /** Of the shares that hold now; 0 before the first. */
        public int $serial,
        /** Another one each time, so that a reader can tell a new message from one that has been there for long. */
        public int $beat,
    ) {
    }

    /** @return array{string, int, int, int} */
    public function toArray(): array
    {
        return [$this->host, $this->fencingNumber, $this->serial, $this->beat];
    }

    public static function fromArray(mixed $values): ?self
    {
        return is_array($values) && count($values) === 4 ? new self(...$values) : null;
    }
}
