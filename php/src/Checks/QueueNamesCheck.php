<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * QueueMetrics cuts names at colons and so never shows a queue such as "emails:high".
 *
 * @internal
 */
final class QueueNamesCheck implements Check
{
    public function __construct(private readonly ConfigurationFactory $configurations)
    {
    }

    public function name(): string
    {
        return 'Queue names';
    }

    public function run(): CheckResult
    {
        try {
            $pools = $this->configurations->make()->pools();
        } catch (CannotStart) {
            return CheckResult::warning('not looked at, as the configuration is not valid');
        }

        $unseen = array_filter(array_column($pools, 'queues'), static fn(string $queues): bool => str_contains($queues, ':'));

        if ($unseen !== []) {
            return CheckResult::warning(sprintf(
                'QueueMetrics cannot see %s, as there is a colon in the name: rename it, or pin it (min_workers = max_workers).',
                implode(', ', $unseen),
            ));
        }

        return CheckResult::ok('QueueMetrics can see all that are named');
    }
}
