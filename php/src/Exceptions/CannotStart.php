<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Exceptions;

use RuntimeException;

/** Why the manager cannot start: one sentence or more, each with what is to be done about it. */
final class CannotStart extends RuntimeException
{
    /** @param non-empty-list<string> $reasons */
    public function __construct(public readonly array $reasons)
    {
        parent::__construct(implode("\n", $reasons));
    }

    public static function because(string $reason): self
    {
        return new self([$reason]);
    }
}
