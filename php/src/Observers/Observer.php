<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;

/**
 * Does nothing at anything; its heirs say what concerns them.
 *
 * @internal
 */
abstract class Observer implements ManagerObserver
{
    public function started(): void
    {
    }

    public function turnEnded(Turn $turn): void
    {
    }

    public function turnFailed(float $secondsToNextTurn): void
    {
    }

    public function workerEvent(WorkerEvent $event): void
    {
    }

    public function problem(string $message): void
    {
    }

    public function stopping(string $reason, int $workers): void
    {
    }

    public function stopped(string $reason): void
    {
    }
}
