<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Reports what goes wrong when it begins and when it changes, not in each turn.
 *
 * @internal
 */
final class Problems
{
    /** @var array<string, string> the messages of what is wrong now, by subject */
    private array $current = [];

    /** @var list<Closure(string): void> */
    private array $listeners = [];

    public function __construct(private readonly LoggerInterface $log)
    {
    }

    /** @param Closure(string): void $listener */
    public function listen(Closure $listener): void
    {
        $this->listeners[] = $listener;
    }

    public function report(string $subject, string $message, ?Throwable $cause = null): void
    {
        if (($this->current[$subject] ?? null) === $message) {
            return;
        }

        $this->current[$subject] = $message;
        $this->log->error($message, $cause === null ? [] : ['exception' => $cause]);

        foreach ($this->listeners as $listener) {
            $listener($message);
        }
    }

    /**
     * All that is wrong with a subject now; what was reported of it before and is not among it is over.
     *
     * @param list<string> $messages
     */
    public function reportAll(string $subject, array $messages): void
    {
        foreach (array_keys($this->current) as $known) {
            if (str_starts_with($known, "{$subject}: ") && ! in_array($this->current[$known], $messages, strict: true)) {
                $this->solved($known);
            }
        }

        foreach ($messages as $message) {
            $this->report("{$subject}: {$message}", $message);
        }
    }

    public function solved(string $subject): void
    {
        if (isset($this->current[$subject])) {
            unset($this->current[$subject]);
            $this->log->info("No longer: {$subject}.");
        }
    }
}
