<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\ConfigurationFactory;

/**
 * A queue that may have no worker keeps its promise only if a job is seen and a worker has started within it.
 *
 * @internal
 */
final class PromiseCheck implements Check
{
    public function __construct(private readonly ConfigurationFactory $configurations)
    {
    }

    public function name(): string
    {
        return 'Promises';
    }

    public function run(): CheckResult
    {
        $configuration = $this->configurations->make();

        foreach ($configuration->pools() as $pool) {
            $settings = $configuration->poolSettings($pool['connection'], $pool['queues']);
            $secondsToFirstWorker = $configuration->intervalSeconds() + $settings['prediction']['default_boot_seconds'];

            if ($settings['min_workers'] === 0 && $settings['max_pickup_time_seconds'] < $secondsToFirstWorker) {
                return CheckResult::warning(sprintf(
                    '%s:%s promises %g s, but until a job is seen and a first worker has started up to %g s may pass: set its min_workers '
                    . 'to 1, or lower manager.interval_seconds.',
                    $pool['connection'],
                    $pool['queues'],
                    $settings['max_pickup_time_seconds'],
                    $secondsToFirstWorker,
                ));
            }
        }

        return CheckResult::ok('every queue can keep its promise, even without a worker at first');
    }
}
