<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Laravel\Metrics\CleanUpClock;
use QueueAutoscale\Laravel\Metrics\Setup;
use Throwable;

/**
 * QueueMetrics removes the records of workers that ended by a command that it puts into Laravel's schedule.
 *
 * @internal
 */
final class CleanUpCheck implements Check
{
    /** It is scheduled every minute. */
    private const LATE_SECONDS = 300;

    private const CONSEQUENCE = 'each worker that ended makes every reading dearer, and dead ones count as alive';

    public function __construct(
        private readonly CleanUpClock $clock,
        private readonly Setup $setup,
        private readonly Config $config,
    ) {
    }

    public function name(): string
    {
        return 'Clean-up';
    }

    public function run(): CheckResult
    {
        if (! $this->setup->records()) {
            return CheckResult::ok('QueueMetrics records nothing that had to be removed');
        }

        try {
            $seconds = $this->clock->secondsSince();
        } catch (Throwable $thrown) {
            return CheckResult::warning("The cache cannot tell when QueueMetrics cleaned up last: {$thrown->getMessage()}");
        }

        if ($seconds !== null && $seconds <= self::LATE_SECONDS) {
            return CheckResult::ok("QueueMetrics removed records of ended workers {$seconds} s ago");
        }

        return CheckResult::warning(sprintf(
            '%s %s, so %s: %s',
            CleanUpClock::COMMAND,
            $seconds === null ? 'was not seen to run' : 'ran last ' . (int) round($seconds / 60) . ' min ago',
            self::CONSEQUENCE,
            $this->config->get('queue-metrics.scheduling.enabled', true)
                ? 'run Laravel\'s schedule every minute ("php artisan schedule:run" from cron, or schedule:work).'
                : 'queue-metrics.scheduling.enabled is false; set it to true, or schedule the command every minute yourself.',
        ));
    }
}
