<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use Illuminate\Contracts\Container\Container;
use Psr\Log\NullLogger;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\Laravel\Cluster\ClusterSettings;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Config\QueueSelection;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\KnownQueues\KnownQueuesFactory;
use QueueAutoscale\Laravel\Manager\CapacityReader;
use QueueAutoscale\Laravel\Manager\CyclePace;
use QueueAutoscale\Laravel\Manager\Decider;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\Policies\PolicyFactory;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;

/**
 * The decisions as they stand: the running manager's, else those that one look at the metrics gives.
 *
 * @internal
 */
final class CurrentDecisions
{
    private bool $fromManager = false;

    /** @var list<string> */
    private array $problems = [];

    /** @var ?array{seconds: float, without_row: int, asked: int, asking_seconds: float, asked_for: list<string>} */
    private ?array $reading = null;

    public function __construct(
        private readonly Container $app,
        private readonly SnapshotStore $snapshots,
        private readonly ConfigurationFactory $configurations,
        private readonly PolicyFactory $policies,
    ) {
    }

    /**
     * @return array<string, ScalingDecision> by pool
     *
     * @throws CannotStart
     * @throws MetricsUnavailable
     */
    public function read(): array
    {
        Requirements::check();
        $decisions = $this->fromManager(ClusterSettings::of($this->configurations->make()));
        $this->fromManager = $decisions !== null;

        return $decisions ?? $this->fromMetrics();
    }

    /**
     * The running manager's; among several, those of whoever decides.
     *
     * @return ?array<string, ScalingDecision> null where none runs
     */
    private function fromManager(ClusterSettings $cluster): ?array
    {
        if ($cluster->enabled) {
            $decisions = array_map(static fn(array $holding): array => $holding[0], $this->snapshots->decisionsThatHold());
            $snapshots = array_filter($this->snapshots->all(), static fn(Snapshot $snapshot): bool => $snapshot->reading !== null);
            usort($snapshots, static fn(Snapshot $one, Snapshot $other): int => $other->fencingNumber <=> $one->fencingNumber);
            $this->reading = $snapshots[0]->reading ?? null;

            return $decisions === [] ? null : array_map(ScalingDecision::fromArray(...), $decisions);
        }

        $snapshot = $this->snapshots->isAlive($cluster->host) ? $this->snapshots->of($cluster->host) : null;
        $this->reading = $snapshot?->reading;

        return $snapshot?->decisions;
    }

    /** @return ?array{seconds: float, without_row: int, asked: int, asking_seconds: float, asked_for: list<string>} what reading cost */
    public function reading(): ?array
    {
        return $this->reading;
    }

    public function isFromManager(): bool
    {
        return $this->fromManager;
    }

    /** @return list<string> what went wrong in the one look at the metrics */
    public function problems(): array
    {
        return $this->problems;
    }

    /**
     * What a manager would decide in its first turn, strategies and policies included; but nobody is told of it.
     *
     * @return array<string, ScalingDecision>
     */
    private function fromMetrics(): array
    {
        $configuration = $this->configurations->make();
        $problems = new Problems(new NullLogger());
        $problems->listen(function (string $problem): void {
            $this->problems[] = $problem;
        });

        $decider = new Decider(
            engine: new ScalingEngine($configuration),
            metrics: $this->app->make(MetricsSource::class),
            queues: $this->app->make(KnownQueuesFactory::class)->make($configuration, remembers: false),
            strategies: new StrategyExecutor($configuration, $this->app, $problems),
            policies: new PolicyExecutor($this->policies->all(), $problems),
            only: QueueSelection::all(),
            pace: new CyclePace($configuration->intervalSeconds()),
            problems: $problems,
        );

        $seen = $decider->look(static fn(): array => []);
        $this->reading = $seen->reading();

        return $decider->decide(
            $seen,
            (new CapacityReader(static fn(): HostCapacity => (new HostMonitor($configuration))->read(), $problems))->read(),
            paused: false,
        );
    }
}
