<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\QueueConnections;

/**
 * Jobs of some connections never wait for a worker, so there is nothing to autoscale.
 *
 * @internal
 */
final class ConnectionsCheck implements Check
{
    public function __construct(private readonly QueueConnections $connections)
    {
    }

    public function name(): string
    {
        return 'Connections';
    }

    public function run(): CheckResult
    {
        $default = $this->connections->default();
        $driver = $this->connections->driver($default);

        if ($driver === null) {
            return CheckResult::warning("The default connection {$default} is not in config/queue.php: set QUEUE_CONNECTION to one that is.");
        }

        if (in_array($default, $this->connections->withoutWorkers(), strict: true)) {
            return CheckResult::warning(
                "The default connection {$default} ({$driver}) runs its jobs without a worker, so no worker is started for it: "
                . 'set QUEUE_CONNECTION to another, such as redis or database.',
            );
        }

        return CheckResult::ok("{$default} ({$driver}) is the default");
    }
}
