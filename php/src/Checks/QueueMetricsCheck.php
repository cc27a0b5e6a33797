<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Requirements;

/** @internal */
final class QueueMetricsCheck implements Check
{
    public function __construct(private readonly Container $container)
    {
    }

    public function name(): string
    {
        return 'QueueMetrics';
    }

    public function run(): CheckResult
    {
        try {
            Requirements::checkQueueMetrics();
            $startedAt = hrtime(true);
            $rows = $this->container->make(MetricsSource::class)->read();
        } catch (CannotStart | MetricsUnavailable $problem) {
            return CheckResult::failed($problem->getMessage());
        }

        $seen = $rows === [] ? 'no queue yet' : CheckResult::namesOf(array_keys($rows));

        return CheckResult::ok(sprintf('read in %.0f ms: %s', (hrtime(true) - $startedAt) / 1e6, $seen));
    }
}
