<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Support\Str;

/**
 * The queues that `--only` names; all where it names none.
 *
 * @internal
 */
final readonly class PoolFilter
{
    /** @param list<string> $patterns "emails", "redis:emails", "tenant-*" */
    public function __construct(
        private array $patterns,
        private string $defaultConnection,
    ) {
    }

    public function accepts(string $connection, string $queues): bool
    {
        if ($this->patterns === []) {
            return true;
        }

        return Str::is($this->patterns, "{$connection}:{$queues}")
            || ($connection === $this->defaultConnection && Str::is($this->patterns, $queues));
    }
}
