<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics\ReadOnce;

use Closure;

/**
 * Answers that hold for the length of one reading of the metrics, and are forgotten after it.
 *
 * @internal
 */
final class Memo
{
    private bool $isReading = false;

    /** @var array<string, mixed> */
    private array $answers = [];

    /**
     * @template T
     * @param Closure(): T $read
     * @return T
     */
    public function during(Closure $read): mixed
    {
        $this->isReading = true;

        try {
            return $read();
        } finally {
            $this->isReading = false;
            $this->answers = [];
        }
    }

    /**
     * @template T
     * @param Closure(): T $ask
     * @return T
     */
    public function once(string $question, Closure $ask): mixed
    {
        if (! $this->isReading) {
            return $ask();
        }

        return array_key_exists($question, $this->answers) ? $this->answers[$question] : $this->answers[$question] = $ask();
    }

    public function isReading(): bool
    {
        return $this->isReading;
    }

    /** What was answered before may have changed. */
    public function forget(): void
    {
        $this->answers = [];
    }
}
