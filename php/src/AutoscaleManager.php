<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Manager\ManagerOptions;
use QueueAutoscale\Laravel\Manager\PoolFilter;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\RestartSignal;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;
use Throwable;

/**
 * The loop: read the metrics, decide, scale, and supervise the workers until the next turn.
 *
 * Nothing that goes wrong in a turn ends it: the workers then stay as they are.
 *
 * @internal
 */
final class AutoscaleManager
{
    /** Reading may take this share of the time; a turn is put off where it takes more. */
    private const MAX_READING_SHARE = 0.2;

    private int $turns = 0;

    public function __construct(
        private readonly Configuration $configuration,
        private readonly ScalingEngine $engine,
        private readonly WorkerBackend $backend,
        private readonly MetricsSource $metrics,
        private readonly StrategyExecutor $strategies,
        private readonly PolicyExecutor $policies,
        private readonly PoolFilter $only,
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
            $this->tell($this->backend->shutdown(), $observer);
            $observer->stopped($reason);
        }
    }

    /** @return string why it ended */
    private function loop(ManagerOptions $options, ManagerObserver $observer): string
    {
        while (true) {
            $startedAt = self::monotonicSeconds();
            $turn = $this->guardedTurn($options);

            if ($turn !== null) {
                $observer->turnEnded($turn);
            }

            if ($options->once) {
                return 'one turn was asked for';
            }

            $this->superviseUntil(
                $startedAt + ($turn->secondsToNextTurn ?? $this->configuration->intervalSeconds()),
                $observer,
            );

            if ($this->backend->stopRequested()) {
                return 'a signal';
            }

            if ($this->restart->isRequested()) {
                return 'a restart was asked for';
            }
        }
    }

    private function guardedTurn(ManagerOptions $options): ?Turn
    {
        try {
            $turn = $this->turn($options);
            $this->problems->solved('turn');

            return $turn;
        } catch (MetricsUnavailable $unavailable) {
            $this->problems->report('turn', $unavailable->getMessage(), $unavailable->getPrevious());
        } catch (Throwable $thrown) {
            $this->problems->report('turn', "A turn failed; the workers stay as they are: {$thrown->getMessage()}", $thrown);
        }

        return null;
    }

    private function turn(ManagerOptions $options): Turn
    {
        $startedAt = self::monotonicSeconds();
        $metrics = $this->metrics->read();
        $readAt = self::monotonicSeconds();

        $host = $this->backend->capacity();
        $seen = new Sight($metrics, $this->backend->pools(), $readAt);
        $this->engine->observe($seen->metrics, $seen->workers, $host, $seen->nowSeconds);
        $evaluation = $this->engine->decide($this->strategies->recommendations($this->engine->forecasts()));

        $this->problems->reportAll('a row of the metrics', $evaluation->errors());

        $paused = $this->backend->paused();
        $decisions = [];
        $outcomes = [];

        foreach ($evaluation->decisions() as $pool => $decision) {
            if (! $this->only->accepts($decision->connection, $decision->queues)) {
                continue;
            }

            $decision = $paused
                ? $decision->withTargetWorkers($decision->currentWorkers, 'scaling is paused')
                : $this->policies->before($decision);
            $decisions[$pool] = $decision;

            if (! $options->dryRun && ! $paused) {
                $outcomes[$pool] = $this->scale($decision);
                $this->policies->after($decision, $outcomes[$pool]);
            }
        }

        return new Turn(
            number: ++$this->turns,
            decisions: $decisions,
            outcomes: $outcomes,
            host: $host,
            seen: $seen,
            readSeconds: $readAt - $startedAt,
            secondsToNextTurn: max($this->configuration->intervalSeconds(), ($readAt - $startedAt) / self::MAX_READING_SHARE),
            totalSeconds: self::monotonicSeconds() - $startedAt,
            dryRun: $options->dryRun,
            paused: $paused,
        );
    }

    private function scale(ScalingDecision $decision): ScaleOutcome
    {
        $problem = "workers of {$decision->key()}";

        try {
            $outcome = $this->backend->scale($decision->connection, $decision->queues, $decision->targetWorkers);
            $this->problems->solved($problem);

            return $outcome;
        } catch (Throwable $thrown) {
            $this->problems->report($problem, "The {$problem} could not be scaled: {$thrown->getMessage()}", $thrown);

            return ScaleOutcome::nothing();
        }
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
