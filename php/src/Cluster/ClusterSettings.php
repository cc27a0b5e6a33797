<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\Configuration;

/**
 * The section `cluster` of the configuration.
 *
 * @internal
 */
final readonly class ClusterSettings
{
    /** Times in a turn that a host looks what is new: decisions reach all hosts within that part of a turn. */
    private const LOOKS_PER_TURN = 4;

    public float $secondsBetweenLooks;

    private function __construct(
        public bool $enabled,
        public int $leaseSeconds,
        public string $host,
        /** The cache store; null for the application's default. */
        public ?string $store,
        public float $intervalSeconds,
    ) {
        $this->secondsBetweenLooks = $intervalSeconds / self::LOOKS_PER_TURN;
    }

    public static function of(Configuration $configuration): self
    {
        $values = $configuration->toArray()['cluster'];

        return new self(
            enabled: $values['enabled'],
            leaseSeconds: $values['lease_seconds'],
            // Alone, nobody else's names matter.
            host: ($values['enabled'] ? $values['host'] : null) ?? (string) gethostname(),
            store: $values['store'],
            intervalSeconds: $configuration->intervalSeconds(),
        );
    }
}
