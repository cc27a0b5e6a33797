<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Manager\ManagerOptions;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\RestartSignal;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\TurnSource;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use Throwable;

/**
 * The loop: take a turn, then supervise the workers until the next one.
 *
 * Nothing that goes wrong in a turn ends it: the workers then stay as they are.
 *
 * @internal
 */
final class AutoscaleManager
{
    public function __construct(
        private readonly TurnSource $turns,
        private readonly WorkerBackend $backend,
        private readonly RestartSignal $restart,
        private readonly Problems $problems,
    ) {
    }

    public function run(ManagerOptions $options, ManagerObserver $observer): void
    {
        $this->backend->tellOutput($options->tellOutput);
        $observer->started();

        try {
            $reason = $this->loop($options, $observer);
        } finally {
            $reason ??= 'an error';
            $observer->stopping($reason, $this->backend->workersThatEndWithManager());
            $this->turns->leave();
            $this->tell($this->backend->shutdown(), $observer);
            $observer->stopped($reason);
        }
    }

    /** @return string why it ended */
    private function loop(ManagerOptions $options, ManagerObserver $observer): string
    {
        while (true) {
            $startedAt = self::monotonicSeconds();
            $turn = $this->guardedTurn($observer);

            if ($turn !== null) {
                $observer->turnEnded($turn);
            }

            if ($options->once) {
                return 'one turn was asked for';
            }

            $this->superviseUntil($startedAt + $this->turns->secondsToNextTurn(), $observer);

            if ($this->backend->stopRequested()) {
                return 'a signal';
            }

            if ($this->restart->isRequested()) {
                return 'a restart was asked for';
            }
        }
    }

    private function guardedTurn(ManagerObserver $observer): ?Turn
    {
        try {
            $turn = $this->turns->take();
            $this->problems->solved('turn');

            return $turn;
        } catch (MetricsUnavailable $unavailable) {
            $this->problems->report('turn', $unavailable->getMessage(), $unavailable->getPrevious());
        } catch (Throwable $thrown) {
            $this->problems->report('turn', "A turn failed; the workers stay as they are: {$thrown->getMessage()}", $thrown);
        }

        $observer->turnFailed($this->turns->secondsToNextTurn());

        return null;
    }

    private function superviseUntil(float $deadline, ManagerObserver $observer): void
    {
        while (! $this->backend->stopRequested() && ($left = $deadline - self::monotonicSeconds()) > 0) {
            $this->tell($this->backend->supervise($left), $observer);
        }
    }

    /** @param list<array<string, mixed>> $events */
    private function tell(array $events, ManagerObserver $observer): void
    {
        foreach ($events as $event) {
            $observer->workerEvent(WorkerEvent::fromArray($event));
        }
    }

    private static function monotonicSeconds(): float
    {
        return hrtime(true) / 1e9;
    }
}
