<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
use QueueAutoscale\HostCapacity;
use Throwable;

/**
 * Reads what a host has left. Where that cannot be read it bounds nothing: the configuration's limits hold, and
 * scaling goes on.
 *
 * @internal
 */
final class CapacityReader
{
    private const PROBLEM = 'capacity of the host';

    /** @param Closure(): ?HostCapacity $read */
    public function __construct(
        private readonly Closure $read,
        private readonly Problems $problems,
    ) {
    }

    /** @return ?HostCapacity null bounds nothing */
    public function read(): ?HostCapacity
    {
        try {
            $capacity = ($this->read)();
            $this->problems->solved(self::PROBLEM);

            return $capacity;
        } catch (Throwable $thrown) {
            $this->problems->report(
                self::PROBLEM,
                'The ' . self::PROBLEM . " cannot be read, so it limits nothing: {$thrown->getMessage()}",
                $thrown,
            );

            return null;
        }
    }
}
