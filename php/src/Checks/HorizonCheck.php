<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;

/**
 * Two managers on one queue undo each other's work.
 *
 * @internal
 */
final class HorizonCheck implements Check
{
    public function __construct(
        private readonly Config $config,
        private readonly ConfigurationFactory $configurations,
    ) {
    }

    public function name(): string
    {
        return 'Horizon';
    }

    public function run(): CheckResult
    {
        if (! is_array($this->config->get('horizon'))) {
            return CheckResult::ok('is not installed');
        }

        $configuration = $this->configurations->make();

        $shared = [];

        foreach ($this->horizonsQueues() as [$connection, $queue]) {
            if ($configuration->poolOf($connection, $queue) !== null) {
                $shared[] = "{$connection}:{$queue}";
            }
        }

        return $shared === []
            ? CheckResult::ok('is installed and works other queues')
            : CheckResult::warning(sprintf(
                'Horizon works %s as well: name them in queue-autoscale.excluded, or stop Horizon.',
                implode(', ', array_unique($shared)),
            ));
    }

    /** @return list<array{string, string}> connection and queue */
    private function horizonsQueues(): array
    {
        $supervisors = [];

        foreach ((array) $this->config->get('horizon.environments') as $ofEnvironment) {
            $supervisors = array_replace_recursive($supervisors, (array) $ofEnvironment);
        }

        $queues = [];

        foreach (array_replace_recursive((array) $this->config->get('horizon.defaults'), $supervisors) as $supervisor) {
            foreach ((array) ($supervisor['queue'] ?? []) as $queue) {
                $queues[] = [(string) ($supervisor['connection'] ?? 'redis'), (string) $queue];
            }
        }

        return $queues;
    }
}
