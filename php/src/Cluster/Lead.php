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

    /** @return ?self null where the store holds something else */
    public static function fromArray(mixed $values): ?self
    {
        $given = is_array($values) && array_is_list($values) ? $values : [];
        [$host, $fencingNumber, $serial, $beat] = $given + array_fill(0, 4, null);
        $isWhole = is_string($host) && is_int($fencingNumber) && is_int($serial) && is_int($beat);

        return $isWhole && $fencingNumber <= ClusterStore::MAX_FENCING_NUMBER ? new self($host, $fencingNumber, $serial, $beat) : null;
    }
}
