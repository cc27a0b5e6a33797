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
    private const CRASHED = 'worker_crashed';

    private const OUTPUT_LINE = 'output_line';

    /** What everybody is told; workers that come and go as they should are only of interest to some. */
    private const NOTEWORTHY = [self::CRASHED, 'worker_killed', 'worker_stuck', 'orphan_found', 'orphan_gone', 'paused', 'resumed', 'signal_taken'];

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

    public function isCrash(): bool
    {
        return $this->type === self::CRASHED;
    }

    public function isNoteworthy(): bool
    {
        return in_array($this->type, self::NOTEWORTHY, strict: true);
    }

    public function isOutput(): bool
    {
        return $this->type === self::OUTPUT_LINE;
    }

    public function connection(): string
    {
        return (string) ($this->details['connection'] ?? '');
    }

    public function queues(): string
    {
        return (string) ($this->details['queues'] ?? '');
    }

    public function pid(): int
    {
        return (int) ($this->details['pid'] ?? 0);
    }

    /** @return list<string> */
    public function lastOutput(): array
    {
        return (array) ($this->details['output_tail'] ?? []);
    }

    /** The event for a person. */
    public function sentence(): string
    {
        $worker = "Worker {$this->pid()} of {$this->connection()}:{$this->queues()}";

        return match ($this->type) {
            'paused' => 'Paused: no worker is started or taken away until SIGCONT.',
            'resumed' => 'Going on.',
            'stop_requested' => "Signal {$this->details['signal']} asks to end.",
            'worker_killed' => "{$worker} was killed: " . str_replace('_', ' ', (string) $this->details['reason']),
            'worker_stuck' => "{$worker} is stuck: {$this->details['reason']}",
            'orphan_found' => "{$worker} was left behind by an earlier manager that was killed; it fills a place until its job is over"
                . $this->untilWhen() . '.',
            'orphan_gone' => "{$worker}, which an earlier manager left behind, is gone.",
            'signal_taken' => "Signal {$this->details['signal']} had been taken over by the application; it was taken back.",
            self::CRASHED => "{$worker} {$this->howItCrashed()}, its place is filled in "
                . sprintf('%.1f s', $this->details['restart_in_seconds'] ?? 0.0) . $this->lastWords(),
            self::OUTPUT_LINE => "{$this->pid()}: " . ($this->details['line'] ?? ''),
            default => "{$worker}: " . str_replace('_', ' ', $this->type) . $this->otherDetails(),
        };
    }

    private function untilWhen(): string
    {
        $seconds = $this->details['asked_in_seconds'] ?? null;

        return $seconds === null ? ', however long that takes' : sprintf(', and is ended where that takes longer than %g s', $seconds);
    }

    private function howItCrashed(): string
    {
        return isset($this->details['signal'])
            ? "was killed by signal {$this->details['signal']}"
            : 'crashed with exit code ' . ($this->details['exit_code'] ?? 'unknown');
    }

    private function lastWords(): string
    {
        $lines = $this->lastOutput();

        return $lines === [] ? '' : ': ' . trim((string) end($lines));
    }

    private function otherDetails(): string
    {
        $details = array_diff_key($this->details, array_flip(['connection', 'queues', 'worker', 'pid']));

        return $details === [] ? '' : ' ' . json_encode($details, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }
}
