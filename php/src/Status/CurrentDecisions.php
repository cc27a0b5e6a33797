<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\HostMonitor;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Requirements;
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

    public function __construct(
        private readonly Container $container,
        private readonly SnapshotStore $snapshots,
        private readonly ConfigurationFactory $configurations,
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
        $snapshot = $this->snapshots->of((string) gethostname());
        $this->fromManager = $snapshot !== null && ! $snapshot->isStale();

        return $snapshot !== null && $this->fromManager ? $snapshot->decisions : $this->fromMetrics();
    }

    public function isFromManager(): bool
    {
        return $this->fromManager;
    }

    /** @return array<string, ScalingDecision> */
    private function fromMetrics(): array
    {
        $configuration = $this->configurations->make();

        return (new ScalingEngine($configuration))
            ->evaluate(
                metrics: $this->container->make(MetricsSource::class)->read(),
                workers: [],
                host: (new HostMonitor($configuration))->read(),
                nowSeconds: hrtime(true) / 1e9,
            )
            ->decisions();
    }
}
