<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Contracts\Cache\Repository as Cache;
use Throwable;

/**
 * Tells whether `queue:restart` or `queue:autoscale:restart` was run since this was made.
 *
 * @internal
 */
final class RestartSignal
{
    /** Where Laravel's queue:restart leaves the time. */
    private const QUEUE_RESTART_KEY = 'illuminate:queue:restart';

    public const AUTOSCALE_RESTART_KEY = 'queue-autoscale:restart';

    /** @var ?list<mixed> what later restarts are told from; null until the cache could be asked */
    private ?array $baseline;

    public function __construct(private readonly Cache $cache)
    {
        $this->baseline = $this->lastRestarts();
    }

    public function isRequested(): bool
    {
        $now = $this->lastRestarts();
        // A manager that started while its cache was away counts from the first time that it is heard again.
        $this->baseline ??= $now;

        return $now !== null && $now !== $this->baseline;
    }

    /** @return ?list<mixed> null where the cache cannot be asked, which is no reason to end */
    private function lastRestarts(): ?array
    {
        try {
            return [$this->cache->get(self::QUEUE_RESTART_KEY), $this->cache->get(self::AUTOSCALE_RESTART_KEY)];
        } catch (Throwable) {
            return null;
        }
    }
}
