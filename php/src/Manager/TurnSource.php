<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;

/**
 * Where a manager's turns come from: it decides alone, or as one of several.
 *
 * @internal
 */
interface TurnSource
{
    /**
     * @return ?Turn null where there is nothing to tell
     *
     * @throws MetricsUnavailable
     */
    public function take(): ?Turn;

    /** From the beginning of the last turn to that of the next one. */
    public function secondsToNextTurn(): float;

    /** The manager ends; its workers are about to. */
    public function leave(): void;
}
