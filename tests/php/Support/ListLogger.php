<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use Psr\Log\AbstractLogger;
use Stringable;

/** Keeps what is logged. */
final class ListLogger extends AbstractLogger
{
    /** @var list<string> */
    public array $messages = [];

    /** @param array<string, mixed> $context */
    public function log($level, string|Stringable $message, array $context = []): void
    {
        $this->messages[] = (string) $message;
    }
}
