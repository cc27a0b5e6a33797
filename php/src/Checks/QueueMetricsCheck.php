<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Metrics\Setup;
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
        $setup = $this->container->make(Setup::class);

        try {
            Requirements::checkQueueMetrics();
            $startedAt = hrtime(true);
            $rows = $this->container->make(MetricsSource::class)->read();
        } catch (CannotStart $problem) {
            return CheckResult::failed($problem->getMessage());
        } catch (MetricsUnavailable $problem) {
            return CheckResult::failed(implode(' ', array_filter([$problem->getMessage(), $setup->redisFailure()])));
        }

        $milliseconds = (hrtime(true) - $startedAt) / 1e6;
        $warnings = $setup->warnings();

        if ($warnings !== []) {
            return CheckResult::warning(implode(' ', $warnings));
        }

        return CheckResult::ok(sprintf(
            'read in %.0f ms: %s',
            $milliseconds,
            $rows === [] ? 'it has heard of no queue in the last hour' : CheckResult::namesOf(array_keys($rows)),
        ));
    }
}
