<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use Illuminate\Contracts\Events\Dispatcher;
use QueueAutoscale\Laravel\Events\DecisionEvent;
use QueueAutoscale\Laravel\Events\ManagerStarted;
use QueueAutoscale\Laravel\Events\ManagerStopped;
use QueueAutoscale\Laravel\Events\ScalingDecisionMade;
use QueueAutoscale\Laravel\Events\SlaBreached;
use QueueAutoscale\Laravel\Events\SlaBreachPredicted;
use QueueAutoscale\Laravel\Events\SlaRecovered;
use QueueAutoscale\Laravel\Events\WorkerCrashed;
use QueueAutoscale\Laravel\Events\WorkersScaled;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\ScalingDecision;
use Throwable;

/**
 * Tells the application what changed, as Laravel's events. A listener that throws is reported and stops nothing.
 *
 * @internal
 */
final class EventDispatching extends Observer
{
    /** @var array<string, string> the SLA state last seen, by pool */
    private array $slaStates = [];

    private readonly ChangeFilter $changes;

    public function __construct(
        private readonly Dispatcher $events,
        private readonly Problems $problems,
    ) {
        $this->changes = new ChangeFilter();
    }

    public function started(): void
    {
        $this->dispatch(new ManagerStarted((string) gethostname(), (int) getmypid()));
    }

    public function turnEnded(Turn $turn): void
    {
        foreach ($turn->decisions as $decision) {
            $isNewStep = $this->changes->isNewStep($decision);

            if ($this->changes->isNewSlaState($decision) || $isNewStep) {
                $this->dispatch(new ScalingDecisionMade($decision));
            }

            $this->dispatchSlaEvent($decision);

        }

        foreach ($turn->changes() as $change) {
            $this->dispatch(new WorkersScaled(
                connection: $change->connection,
                queues: $change->queues,
                fromWorkers: $change->fromWorkers,
                toWorkers: $change->toWorkers,
                started: $change->outcome->started,
                stopped: $change->outcome->stopped,
                reason: $turn->reasonFor($change->pool()),
            ));
        }
    }

    public function workerEvent(WorkerEvent $event): void
    {
        if ($event->isCrash()) {
            $this->dispatch(new WorkerCrashed(
                connection: $event->connection(),
                queues: $event->queues(),
                pid: $event->pid(),
                exitCode: $event->details['exit_code'] ?? null,
                signal: $event->details['signal'] ?? null,
                lastOutput: $event->lastOutput(),
                restartInSeconds: (float) ($event->details['restart_in_seconds'] ?? 0.0),
            ));
        }
    }

    public function stopped(string $reason): void
    {
        $this->dispatch(new ManagerStopped((string) gethostname(), (int) getmypid(), $reason));
    }

    private function dispatchSlaEvent(ScalingDecision $decision): void
    {
        $before = $this->slaStates[$decision->key()] ?? 'met';
        $now = $decision->slaState;

        // Without numbers nothing is known; the last state stands until there are some again.
        if ($now === 'unknown' || $now === $before) {
            return;
        }

        $this->slaStates[$decision->key()] = $now;

        if ($now === 'breached') {
            $this->dispatch(new SlaBreached($decision));
        } elseif ($before === 'breached') {
            $this->dispatch(new SlaRecovered($decision));
        }

        if ($now === 'at_risk') {
            $this->dispatch(new SlaBreachPredicted($decision));
        }
    }

    private function dispatch(object $event): void
    {
        $subject = 'listeners of ' . $event::class . self::about($event);

        try {
            $this->events->dispatch($event);
            $this->problems->solved($subject);
        } catch (Throwable $thrown) {
            $this->problems->report($subject, "One of the {$subject} failed: {$thrown->getMessage()}", $thrown);
        }
    }

    /** A listener may fail for one pool and not for another. */
    private static function about(object $event): string
    {
        return match (true) {
            $event instanceof DecisionEvent => " about {$event->decision->key()}",
            $event instanceof WorkersScaled, $event instanceof WorkerCrashed => " about {$event->connection}:{$event->queues}",
            default => '',
        };
    }
}
