<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * One host's place among several, at one instant.
 *
 * @internal
 */
final readonly class Place
{
    public function __construct(
        public string $host,
        /** Who decides; null where nobody is known to. */
        public ?string $leader,
        /** Of the shares that this host carries out; 0 before the first. */
        public int $fencingNumber,
    ) {
    }

    public function leads(): bool
    {
        return $this->leader === $this->host;
    }
}
