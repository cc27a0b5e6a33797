<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\ConfigurationFactory;

/**
 * A queue that may have no worker keeps its SLA only if a job is seen and a worker has started within it.
 *
 * @internal
 */
final class SlaCheck implements Check
{
    public function __construct(
        private readonly ConfigurationFactory $configurations,
        private readonly CheckedPools $pools,
    ) {
    }

    public function name(): string
    {
        return 'SLA';
    }

    public function run(): CheckResult
    {
        $seconds = $this->configurations->make()->intervalSeconds() + ($this->pools->readSeconds() ?? 0.0);
        /** @var array<string, list<string>> $pools by SLA and time to the first worker */
        $pools = [];

        foreach ($this->pools->all() as ['connection' => $connection, 'queues' => $queues, 'settings' => $settings]) {
            $secondsToFirstWorker = $seconds + $settings['prediction']['default_boot_seconds'];

            if ($settings['min_workers'] === 0 && $settings['max_pickup_time_seconds'] < $secondsToFirstWorker) {
                $pools[sprintf(
                    'The SLA of %%s is %g s, but until a job is seen and a first worker has started up to %.3g s may pass: set min_workers '
                    . 'to 1, or lower manager.interval_seconds.',
                    $settings['max_pickup_time_seconds'],
                    $secondsToFirstWorker,
                )][] = "{$connection}:{$queues}";
            }
        }

        return $pools === []
            ? CheckResult::ok('every queue can keep its SLA, even without a worker at first')
            : CheckResult::warning(implode("\n", array_map(
                static fn(string $message, array $of): string => sprintf($message, CheckResult::namesOf($of)),
                array_keys($pools),
                $pools,
            )));
    }
}
