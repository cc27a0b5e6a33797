<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Psr\Log\AbstractLogger;
use Psr\Log\LoggerInterface;
use QueueAutoscale\Laravel\Printable;
use Stringable;
use Throwable;

/**
 * A log that cannot be written, on a full disk or in a read-only container, is no reason to end; and whatever is logged is one line.
 *
 * @internal
 */
final class ForgivingLogger extends AbstractLogger
{
    private bool $hasComplained = false;

    public function __construct(private readonly LoggerInterface $log)
    {
    }

    /** @param array<string, mixed> $context */
    public function log($level, string|Stringable $message, array $context = []): void
    {
        try {
            $this->log->log($level, Printable::text((string) $message), $context);
            $this->hasComplained = false;
        } catch (Throwable $thrown) {
            $this->complainOnce($thrown);
        }
    }

    private function complainOnce(Throwable $thrown): void
    {
        if (! $this->hasComplained) {
            $this->hasComplained = true;
            fwrite(STDERR, 'The log cannot be written: ' . Printable::text($thrown->getMessage()) . "\n");
        }
    }
}
