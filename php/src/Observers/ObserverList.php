<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;

/**
 * Several observers as one.
 *
 * @internal
 */
final class ObserverList implements ManagerObserver
{
    /** @var list<ManagerObserver> */
    private readonly array $observers;

    public function __construct(ManagerObserver ...$observers)
    {
        $this->observers = array_values($observers);
    }

    public function started(): void
    {
        foreach ($this->observers as $observer) {
            $observer->started();
        }
    }

    public function turnEnded(Turn $turn): void
    {
        foreach ($this->observers as $observer) {
            $observer->turnEnded($turn);
        }
    }

    public function turnFailed(float $secondsToNextTurn): void
    {
        foreach ($this->observers as $observer) {
            $observer->turnFailed($secondsToNextTurn);
        }
    }

    public function workerEvent(WorkerEvent $event): void
    {
        foreach ($this->observers as $observer) {
            $observer->workerEvent($event);
        }
    }

    public function problem(string $message): void
    {
        foreach ($this->observers as $observer) {
            $observer->problem($message);
        }
    }

    public function stopping(string $reason, int $workers): void
    {
        foreach ($this->observers as $observer) {
            $observer->stopping($reason, $workers);
        }
    }

    public function stopped(string $reason): void
    {
        foreach ($this->observers as $observer) {
            $observer->stopped($reason);
        }
    }
}
