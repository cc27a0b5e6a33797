<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use QueueAutoscale\ScalingDecision;

/**
 * What a running manager saw and decided in its last turn.
 *
 * @internal
 */
final readonly class Snapshot
{
    /**
     * @param array<string, ScalingDecision> $decisions by pool
     * @param list<array{message: string, seconds: float}> $problems what was wrong then, and for how long
     * @param array<string, int> $orphanedWorkers by pool, those that an earlier manager left behind
     * @param ?array{seconds: float, without_row: int, asked: int, asking_seconds: float, asked_for: list<string>} $reading what
     *        reading the metrics took, asking for queues without a row included; how many of these there are, how many were
     *        asked for and what that took, and which of them were decided on. Null where another host decides
     */
    public function __construct(
        public string $host,
        public int $pid,
        public float $takenAt,
        public float $secondsBetweenTurns,
        public bool $paused,
        /** By which it decided for several hosts; null where it decided for its own workers alone, or not at all. */
        public ?int $fencingNumber,
        public array $decisions,
        public array $problems = [],
        public array $orphanedWorkers = [],
        public ?array $reading = null,
    ) {
    }

    /** To be shown only: the clock of the host that took it may be another. */
    public function ageSeconds(): float
    {
        return max(0.0, microtime(true) - $this->takenAt);
    }

    /** @return array<string, mixed> */
    public function toArray(): array
    {
        return [
            'host' => $this->host,
            'pid' => $this->pid,
            'taken_at' => $this->takenAt,
            'seconds_between_turns' => $this->secondsBetweenTurns,
            'paused' => $this->paused,
            'fencing_number' => $this->fencingNumber,
            'problems' => $this->problems,
            'orphaned_workers' => $this->orphanedWorkers,
            'reading' => $this->reading,
            'decisions' => array_map(static fn(ScalingDecision $decision): array => $decision->toArray(), $this->decisions),
        ];
    }

    /** @param array<string, mixed> $values as toArray() makes them */
    public static function fromArray(array $values): self
    {
        return new self(
            host: $values['host'],
            pid: $values['pid'],
            takenAt: $values['taken_at'],
            secondsBetweenTurns: $values['seconds_between_turns'],
            paused: $values['paused'],
            fencingNumber: $values['fencing_number'] ?? null,
            decisions: array_map(ScalingDecision::fromArray(...), $values['decisions']),
            problems: $values['problems'] ?? [],
            orphanedWorkers: $values['orphaned_workers'] ?? [],
            reading: $values['reading'] ?? null,
        );
    }
}
