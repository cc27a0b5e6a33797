<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Closure;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Config\QueueSelection;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\KnownQueues\KnownQueues;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;

/**
 * From metrics and workers to decisions: the engine, the user's strategies, the user's policies.
 *
 * @internal
 */
final class Decider
{
    private const MEMORY = 'names of queues';

    /** Of all pools that were decided on last; null where there was none. */
    private ?float $strictestSlaSeconds = null;

    /** @var array<string, array<string, mixed>> as of the last look */
    private array $workers = [];

    public function __construct(
        private readonly ScalingEngine $engine,
        private readonly MetricsSource $metrics,
        private readonly KnownQueues $queues,
        private readonly StrategyExecutor $strategies,
        private readonly PolicyExecutor $policies,
        private readonly QueueSelection $only,
        private readonly CyclePace $pace,
        private readonly Problems $problems,
    ) {
    }

    /**
     * Reads the metrics, then the workers, who may have changed meanwhile.
     *
     * @param Closure(): array<string, array<string, mixed>> $workers
     *
     * @throws MetricsUnavailable
     */
    public function look(Closure $workers): Sight
    {
        $startedAt = hrtime(true) / 1e9;
        $metrics = $this->queues->complete($this->metrics->read(), $this->workers, $startedAt);
        $readAt = hrtime(true) / 1e9;
        $this->workers = $workers();
        $asking = $this->queues->report();

        $this->pace->readingTook($readAt - $startedAt);

        if ($asking->memoryFailure === null) {
            $this->problems->solved(self::MEMORY);
        } else {
            $this->problems->report(self::MEMORY, sprintf(
                'The application\'s cache cannot keep the %s (%s): queues that neither QueueMetrics nor the configuration knows are not worked.',
                self::MEMORY,
                rtrim($asking->memoryFailure, '.'),
            ));
        }

        return new Sight(
            $metrics,
            $this->workers,
            $readAt,
            $readAt - $startedAt,
            $this->pace->secondsToNext($this->strictestSlaSeconds),
            $asking,
        );
    }

    /**
     * @param ?HostCapacity $host null bounds nothing
     * @return array<string, ScalingDecision> by pool, policies' changes included; without those that nobody asked for
     */
    public function decide(Sight $seen, ?HostCapacity $host, bool $paused): array
    {
        $this->engine->observe($seen->metrics, $seen->workers, $host, $seen->nowSeconds);
        $evaluation = $this->engine->decide($this->strategies->recommendations($this->engine->forecasts()));
        $this->problems->reportAll('a row of the metrics', $evaluation->errors());
        $all = $evaluation->decisions();
        $this->reportNamesOfNone($all);
        $this->strictestSlaSeconds = $all === [] ? null : min(array_map(
            static fn(ScalingDecision $decision): float => $decision->maxPickupTimeSeconds,
            $all,
        ));
        $decisions = [];

        foreach ($all as $pool => $decision) {
            if ($this->only->contains($decision->connection, $decision->queues)) {
                $decisions[$pool] = $paused
                    ? $decision->withTargetWorkers($decision->currentWorkers, 'scaling is paused')
                    : $this->policies->before($decision);
            }
        }

        return $decisions;
    }

    /** @param array<string, ScalingDecision> $decisions */
    private function reportNamesOfNone(array $decisions): void
    {
        $pools = array_map(static fn(ScalingDecision $decision): array => [$decision->connection, $decision->queues], $decisions);
        $known = $decisions === [] ? 'none yet' : implode(', ', array_keys($decisions));

        $this->problems->reportAll('--only', array_map(
            static fn(string $name): string => "--only={$name} names no known queue, so it selects nothing. Known queues: {$known}.",
            $this->only->namesOfNone(array_values($pools)),
        ));
    }

    /** Tells the policies what came of a decision. */
    public function carriedOut(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        $this->policies->after($decision, $outcome);
    }
}
