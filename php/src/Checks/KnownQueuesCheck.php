<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\KnownQueues\KnownQueuesFactory;
use QueueAutoscale\Laravel\Requirements;

/**
 * Queues that QueueMetrics has no row of are known by name, and asked for.
 *
 * @internal
 */
final class KnownQueuesCheck implements Check
{
    public function __construct(
        private readonly ConfigurationFactory $configurations,
        private readonly Container $container,
    ) {
    }

    public function name(): string
    {
        return 'Known queues';
    }

    public function run(): CheckResult
    {
        $configuration = $this->configurations->make();

        try {
            Requirements::checkQueueMetrics();
            $rows = $this->container->make(MetricsSource::class)->read();
        } catch (CannotStart | MetricsUnavailable) {
            return CheckResult::warning('not looked at, as QueueMetrics cannot be read');
        }

        $queues = $this->container->make(KnownQueuesFactory::class)->make($configuration, remembers: false);
        $added = array_diff_key($queues->complete($rows, [], hrtime(true) / 1e9), $rows);
        $asking = $queues->report();
        $unreadable = array_filter(array_column($added, 'unreadable'), is_string(...));

        if ($asking->memoryFailure !== null) {
            return CheckResult::warning(
                "The application's cache cannot be read ({$asking->memoryFailure}), so only queues that QueueMetrics has rows of, or that "
                . 'the configuration names, are worked.',
            );
        }

        if ($unreadable !== []) {
            return CheckResult::warning(implode(' ', array_map(
                static fn(string $key, string $why): string => "{$key}: {$why}.",
                array_keys(array_filter($added, static fn(array $row): bool => isset($row['unreadable']))),
                $unreadable,
            )));
        }

        return CheckResult::ok(sprintf(
            '%d without a row of QueueMetrics, asked for in %.0f ms%s; a queue that nothing was dispatched to since this package is '
            . 'installed is known once config/queue-autoscale.php names it',
            $asking->withoutRow,
            1e3 * $asking->seconds,
            self::withJobs($added),
        ));
    }

    /** @param array<string, array<string, mixed>> $rows */
    private static function withJobs(array $rows): string
    {
        $names = array_keys(array_filter($rows, static fn(array $row): bool => ($row['depth']['total'] ?? 0) > 0));

        return $names === [] ? '' : ', jobs are in ' . CheckResult::namesOf($names);
    }
}
