<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Reports what goes wrong: when it begins, when it changes, and again while it lasts, less and less often.
 *
 * Messages that differ in their numbers alone count as the same.
 *
 * @internal
 */
final class Problems
{
    /** The least time between two reports of the same problem; it doubles with each. */
    public const FIRST_REPEAT_SECONDS = 60.0;

    /** Often enough for whoever looks at the log of the last hours. */
    private const LONGEST_REPEAT_SECONDS = 3_600.0;

    /** @var array<string, array{message: string, since: float, told: bool}> what is wrong now, by subject */
    private array $current = [];

    /** @var array<string, array{at: float, repeatSeconds: float}> when it was last reported, by subject and message */
    private array $reported = [];

    /** @var list<Closure(string, ?Throwable): void> */
    private array $listeners = [];

    /** @var Closure(): float seconds of a clock that never goes back */
    private readonly Closure $clock;

    /** @param ?Closure(): float $clock seconds of a clock that never goes back; null for the system's */
    public function __construct(private readonly LoggerInterface $log, ?Closure $clock = null)
    {
        $this->clock = $clock ?? static fn(): float => hrtime(true) / 1e9;
    }

    /** @param Closure(string, ?Throwable): void $listener gets the message and what caused it */
    public function listen(Closure $listener): void
    {
        $this->listeners[] = $listener;
    }

    public function report(string $subject, string $message, ?Throwable $cause = null): void
    {
        $since = $this->current[$subject]['since'] ?? ($this->clock)();
        $tells = $this->isDue($subject, $message);
        $this->current[$subject] = [
            'message' => $message,
            'since' => $since,
            'told' => $tells || ($this->current[$subject]['told'] ?? false),
        ];

        if (! $tells) {
            return;
        }

        // The application's exception handler gets the cause itself, with its trace.
        $this->log->error($message, $cause === null ? [] : ['cause' => $cause::class]);

        foreach ($this->listeners as $listener) {
            $listener($message, $cause);
        }
    }

    /**
     * All that is wrong with a subject now; what was reported of it before and is not among it is over.
     *
     * @param list<string> $messages
     */
    public function reportAll(string $subject, array $messages): void
    {
        $subjects = array_map(static fn(string $message): string => "{$subject}: " . self::shape($message), $messages);

        foreach (array_keys($this->current) as $known) {
            if (str_starts_with($known, "{$subject}: ") && ! in_array($known, $subjects, strict: true)) {
                $this->solved($known);
            }
        }

        foreach ($messages as $index => $message) {
            $this->report($subjects[$index], $message);
        }
    }

    public function solved(string $subject): void
    {
        if ($this->current[$subject]['told'] ?? false) {
            $this->log->info("No longer: {$subject}.");
        }

        unset($this->current[$subject]);
    }

    /** @return list<array{message: string, seconds: float}> what is wrong now, and for how long */
    public function current(): array
    {
        $now = ($this->clock)();

        return array_map(
            static fn(array $problem): array => ['message' => $problem['message'], 'seconds' => $now - $problem['since']],
            array_values($this->current),
        );
    }

    /** Whether it is to be said now. A problem that comes and goes is told no more often than one that stays. */
    private function isDue(string $subject, string $message): bool
    {
        $now = ($this->clock)();
        $this->forgetOld($now);
        $key = $subject . "\0" . self::shape($message);
        $last = $this->reported[$key] ?? null;

        if ($last !== null && $now - $last['at'] < $last['repeatSeconds']) {
            return false;
        }

        $this->reported[$key] = [
            'at' => $now,
            'repeatSeconds' => $last === null
                ? self::FIRST_REPEAT_SECONDS
                : min(self::LONGEST_REPEAT_SECONDS, 2 * $last['repeatSeconds']),
        ];

        return true;
    }

    /** Names of queues come and go without end. */
    private function forgetOld(float $now): void
    {
        foreach ($this->reported as $key => $report) {
            if ($now - $report['at'] >= 2 * $report['repeatSeconds']) {
                unset($this->reported[$key]);
            }
        }
    }

    private static function shape(string $message): string
    {
        return (string) preg_replace('/\d+(?:[.,]\d+)*/', '#', $message);
    }
}
