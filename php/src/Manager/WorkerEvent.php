<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

/**
 * Something that happened to a worker, or that the supervisor was told by a signal.
 *
 * @internal
 */
final readonly class WorkerEvent
{
    /** @param array<string, mixed> $details what only this type has */
    public function __construct(
        public string $type,
        public array $details,
    ) {
    }

    /** @param array<string, mixed> $event as WorkerSupervisor::supervise() returns it */
    public static function fromArray(array $event): self
    {
        return new self((string) $event['type'], array_diff_key($event, ['type' => true]));
    }
}
