<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;

/**
 * A job that runs longer than its connection's retry_after is handed to a second worker while the first one runs on.
 *
 * @internal
 */
final class RetryAfterCheck implements Check
{
    public function __construct(
        private readonly Config $config,
        private readonly CheckedPools $pools,
    ) {
    }

    public function name(): string
    {
        return 'Timeouts';
    }

    public function run(): CheckResult
    {
        /** @var array<string, list<string>> $pools by connection, timeout and retry_after */
        $pools = [];

        foreach ($this->pools->all() as ['connection' => $connection, 'queues' => $queues, 'settings' => $settings]) {
            $retryAfter = $this->config->get("queue.connections.{$connection}.retry_after");
            $timeout = $settings['workers']['timeout'] ?? null;

            if ($retryAfter !== null && $timeout !== null && ($timeout === 0 || $timeout >= $retryAfter)) {
                $runs = $timeout === 0 ? 'without a limit' : "for {$timeout} s";
                $pools["may run {$runs} and are handed out again after {$retryAfter} s"][] = "{$connection}:{$queues}";
            }
        }

        if ($pools === []) {
            return CheckResult::ok('every job ends before it is handed out again');
        }

        return CheckResult::warning(implode("\n", array_map(
            static fn(string $what, array $of): string => 'Jobs of ' . CheckResult::namesOf($of) . " {$what}, so some may run twice: "
                . "keep workers.timeout below the connection's retry_after.",
            array_keys($pools),
            $pools,
        )));
    }
}
