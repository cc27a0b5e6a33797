<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/** @internal */
final class ConfigurationCheck implements Check
{
    public function __construct(private readonly ConfigurationFactory $configurations)
    {
    }

    public function name(): string
    {
        return 'Configuration';
    }

    public function run(): CheckResult
    {
        try {
            $configuration = $this->configurations->make();
        } catch (CannotStart $invalid) {
            return CheckResult::failed(implode("\n", $invalid->reasons));
        }

        if (! $configuration->enabled()) {
            return CheckResult::warning('queue-autoscale.enabled is false, so queue:autoscale starts no worker; set it to true.');
        }

        $warnings = $this->configurations->warnings();

        if ($warnings !== []) {
            return CheckResult::warning(implode("\n", $warnings));
        }

        $pools = array_map(
            static fn(array $pool): string => "{$pool['connection']}:{$pool['queues']}",
            $configuration->pools(),
        );

        return CheckResult::ok($pools === [] ? 'no queue is named; the defaults hold for all' : 'names ' . CheckResult::namesOf($pools));
    }
}
