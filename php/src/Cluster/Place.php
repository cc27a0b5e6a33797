<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\Laravel\Manager\PoolChange;

/**
 * One host's place among several, at one instant.
 *
 * @internal
 */
final readonly class Place
{
    /** @param list<PoolChange> $changes what carrying out the share changed here */
    public function __construct(
        public string $host,
        /** Who decides; null where nobody is known to. */
        public ?string $leader,
        /** By which this host decides, or that of the shares that it carries out; 0 before the first. */
        public int $fencingNumber,
        public array $changes = [],
    ) {
    }

    public function sentence(): string
    {
        return match (true) {
            $this->leads() => "{$this->host} decides for all hosts, with fencing number {$this->fencingNumber}.",
            $this->leader === null => "{$this->host} keeps its workers: no host decides.",
            default => "{$this->host} carries out what {$this->leader} decides.",
        };
    }

    public function leads(): bool
    {
        return $this->leader === $this->host;
    }
}
