<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository as Config;
use Throwable;

/**
 * queue:restart, queue:autoscale:restart and queue:autoscale:status speak to the manager through the cache.
 *
 * @internal
 */
final class CacheCheck implements Check
{
    /** Stores that forget everything when the process ends. */
    private const FORGETFUL_DRIVERS = ['array', 'null'];

    private const KEY = 'queue-autoscale:check';

    public function __construct(
        private readonly Cache $cache,
        private readonly Config $config,
    ) {
    }

    public function name(): string
    {
        return 'Cache';
    }

    public function run(): CheckResult
    {
        $store = (string) $this->config->get('cache.default');
        $driver = $this->config->get("cache.stores.{$store}.driver");

        if (in_array($driver, self::FORGETFUL_DRIVERS, strict: true)) {
            return CheckResult::warning(
                "The store {$store} is not shared between processes, so restart and status commands reach no manager: use another.",
            );
        }

        try {
            $isWritten = $this->cache->put(self::KEY, true, 1);
        } catch (Throwable $thrown) {
            return CheckResult::warning("The store {$store} cannot be written, so there is no status: {$thrown->getMessage()}");
        }

        return $isWritten
            ? CheckResult::ok("the store {$store} can be written")
            : CheckResult::warning("The store {$store} takes nothing, so there is no status and no restart: see its limits and its log.");
    }
}
