<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Simulation;

use LogicException;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Simulator;
use RuntimeException;

/**
 * Neither a scenario nor a file.
 *
 * @internal
 */
final class UnknownTraffic extends RuntimeException
{
    private function __construct(
        string $message,
        /** Whether what was typed looks like a scenario's name, not like a file's. */
        public readonly bool $maybeScenario,
    ) {
        parent::__construct($message);
    }

    public static function named(string $typed): self
    {
        if (strpbrk($typed, './') !== false) {
            return new self("There is no file {$typed}.", maybeScenario: false);
        }

        try {
            Simulator::ofScenario($typed, Configuration::fromArray([]));
        } catch (InvalidArgument $invalid) {
            return new self("There is no file of that name, and {$invalid->getMessage()}", maybeScenario: true);
        }

        throw new LogicException("{$typed} is a scenario.");
    }
}
