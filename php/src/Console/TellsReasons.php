<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Printable;

/**
 * For commands that may not be able to start: each reason is a message of its own.
 *
 * @internal
 */
trait TellsReasons
{
    /** @return int the exit code */
    private function refuse(CannotStart $cannotStart): int
    {
        foreach ($cannotStart->reasons as $reason) {
            $this->components->error(Printable::untagged($reason));
        }

        return self::FAILURE;
    }
}
