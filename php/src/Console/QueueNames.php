<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use QueueAutoscale\Laravel\Status\CurrentDecisions;
use Throwable;

/**
 * The queues that a shell may complete.
 *
 * @internal
 */
final class QueueNames
{
    public function __construct(private readonly CurrentDecisions $decisions)
    {
    }

    /** @return list<string> "connection:queue" */
    public function all(): array
    {
        try {
            return array_keys($this->decisions->read());
        } catch (Throwable) {
            // A shell that asks for completions has no place for errors.
            return [];
        }
    }
}
