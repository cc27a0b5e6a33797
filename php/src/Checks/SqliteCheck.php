<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Database\DatabaseManager;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use Throwable;

/**
 * Several workers on one SQLite file fail jobs with "database is locked" unless readers and writers may overlap, a transaction takes
 * its lock at its beginning, and whoever finds the file locked waits.
 *
 * @internal
 */
final class SqliteCheck implements Check
{
    /** Enough for the jobs of others to commit, and what Laravel's own configuration suggests. */
    private const SUGGESTED_BUSY_TIMEOUT_MS = 5_000;

    public function __construct(
        private readonly Config $config,
        private readonly DatabaseManager $databases,
        private readonly ConfigurationFactory $configurations,
    ) {
    }

    public function name(): string
    {
        return 'SQLite';
    }

    public function run(): CheckResult
    {
        $this->configurations->make();
        $found = [];
        $problems = [];

        foreach ((array) $this->config->get('queue.connections') as $queue) {
            if (($queue['driver'] ?? null) !== 'database') {
                continue;
            }

            $name = (string) ($queue['connection'] ?? $this->config->get('database.default'));

            if ($this->config->get("database.connections.{$name}.driver") === 'sqlite' && ! isset($found[$name])) {
                $found[$name] = true;
                array_push($problems, ...$this->problemsOf($name));
            }
        }

        return match (true) {
            $found === [] => CheckResult::ok('keeps no queue'),
            $problems !== [] => CheckResult::warning(implode("\n", $problems)),
            default => CheckResult::ok(implode(', ', array_keys($found)) . ' lets several workers at its jobs'),
        };
    }

    /** @return list<string> */
    private function problemsOf(string $name): array
    {
        $key = "database.connections.{$name}";

        try {
            $database = $this->databases->connection($name);
            $journal = strtolower((string) $database->scalar('PRAGMA journal_mode'));
            $waits = (int) $database->scalar('PRAGMA busy_timeout') > 0;
        } catch (Throwable $thrown) {
            return ["{$name} cannot be opened: {$thrown->getMessage()}"];
        }

        $isImmediate = strtoupper((string) $this->config->get("{$key}.transaction_mode", 'DEFERRED')) !== 'DEFERRED';
        $why = 'or jobs of several workers fail with "database is locked".';

        return array_keys(array_filter([
            "{$key}.journal_mode: set it to 'wal', {$why}" => $journal !== 'wal',
            "{$key}.busy_timeout: set it to " . self::SUGGESTED_BUSY_TIMEOUT_MS . ", {$why}" => ! $waits,
            "{$key}.transaction_mode: set it to 'IMMEDIATE', {$why}" => ! $isImmediate,
        ]));
    }
}
