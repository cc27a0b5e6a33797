<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;

/**
 * Is told what the manager does: the table on the terminal, Laravel's events, the log and the status are such.
 *
 * @internal
 */
interface ManagerObserver
{
    public function started(): void;

    public function turnEnded(Turn $turn): void;

    /** A cycle came to no decision; its problem is told apart. */
    public function turnFailed(float $secondsToNextTurn): void;

    public function workerEvent(WorkerEvent $event): void;

    /** Something went wrong that the manager lives with. Told when it begins or changes, and seldom while it lasts. */
    public function problem(string $message): void;

    /** @param int $workers how many are still running */
    public function stopping(string $reason, int $workers): void;

    public function stopped(string $reason): void;
}
