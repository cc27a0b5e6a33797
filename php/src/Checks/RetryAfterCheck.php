<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;

/**
 * A job that runs longer than its connection's retry_after is handed to a second worker while the first one runs on.
 *
 * @internal
 */
final class RetryAfterCheck implements Check
{
    public function __construct(
        private readonly Config $config,
        private readonly ConfigurationFactory $configurations,
    ) {
    }

    public function name(): string
    {
        return 'Timeouts';
    }

    public function run(): CheckResult
    {
        $configuration = $this->configurations->make();

        $pools = $configuration->pools();
        $connection = (string) ($this->config->get('queue-autoscale.connection') ?? $this->config->get('queue.default'));
        $pools[] = ['connection' => $connection, 'queues' => 'default'];

        foreach ($pools as $pool) {
            $retryAfter = $this->config->get("queue.connections.{$pool['connection']}.retry_after");
            $timeout = $configuration->poolSettings($pool['connection'], $pool['queues'])['workers']['timeout'] ?? null;

            if ($retryAfter !== null && $timeout !== null && $timeout >= $retryAfter) {
                return CheckResult::warning(
                    "Jobs of {$pool['connection']}:{$pool['queues']} may run for {$timeout} s and are handed out again after "
                    . "{$retryAfter} s, so some may run twice: keep workers.timeout below the connection's retry_after.",
                );
            }
        }

        return CheckResult::ok('every job ends before it is handed out again');
    }
}
