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
    /** A manager that was silent for more turns than that is taken for dead. */
    private const MISSED_TURNS = 3;

    /** @param array<string, ScalingDecision> $decisions by pool */
    public function __construct(
        public string $host,
        public int $pid,
        public float $takenAt,
        public float $secondsBetweenTurns,
        public bool $paused,
        public array $decisions,
    ) {
    }

    public function ageSeconds(): float
    {
        return max(0.0, microtime(true) - $this->takenAt);
    }

    public function isStale(): bool
    {
        return self::isSilent($this->takenAt, $this->secondsBetweenTurns);
    }

    /** Whether a manager that was heard of last then has missed too many turns. */
    public static function isSilent(float $takenAt, float $secondsBetweenTurns): bool
    {
        return microtime(true) - $takenAt > self::MISSED_TURNS * $secondsBetweenTurns;
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
            decisions: array_map(ScalingDecision::fromArray(...), $values['decisions']),
        );
    }
}
