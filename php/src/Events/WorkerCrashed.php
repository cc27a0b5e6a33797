<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** A worker ended otherwise than by being told to. */
final readonly class WorkerCrashed
{
    /** @param list<string> $lastOutput its last lines */
    public function __construct(
        public string $connection,
        public string $queues,
        public int $pid,
        public ?int $exitCode,
        public ?int $signal,
        public array $lastOutput,
        /** How long its place stays empty. */
        public float $restartInSeconds,
    ) {
    }
}
