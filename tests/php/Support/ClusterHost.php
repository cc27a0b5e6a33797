<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

/** A manager and its workers that take themselves for a host of their own, with a wire of their own to Redis. */
final class ClusterHost
{
    /** Marks the processes of a host, which inherit it. */
    public const VARIABLE = 'QUEUE_AUTOSCALE_TEST_HOST';

    public function __construct(
        public readonly string $name,
        public readonly Artisan $manager,
        public readonly Wire $wire,
    ) {
    }

    /** @return list<array<string, mixed>> what the manager wrote, line by line */
    public function events(): array
    {
        $lines = array_filter(explode("\n", $this->manager->output()), static fn(string $line): bool => str_starts_with($line, '{'));

        return array_values(array_filter(array_map(
            static fn(string $line): mixed => json_decode($line, associative: true),
            $lines,
        )));
    }

    /** Who decides, as the manager wrote last. */
    public function leaderItTells(): ?string
    {
        $places = array_filter($this->events(), static fn(array $event): bool => $event['event'] === 'place');

        return end($places)['leader'] ?? null;
    }
}
