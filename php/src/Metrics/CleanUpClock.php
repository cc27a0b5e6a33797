<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics;

use Illuminate\Console\Events\CommandFinished;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Support\Carbon;
use Throwable;

/**
 * When QueueMetrics' own clean-up ran last, by the schedule or by hand. Without it the records of workers that ended never go,
 * and each reading pays for them. The package itself keeps no note of it.
 *
 * @internal
 */
final class CleanUpClock
{
    public const COMMAND = 'queue-metrics:cleanup-stale-workers';

    private const KEY = 'queue-autoscale:queue-metrics-cleaned-up';

    private const KEEP_SECONDS = 30 * 86_400;

    public function __construct(private readonly Cache $cache)
    {
    }

    /** In the process that runs the command. */
    public static function register(Application $app): void
    {
        $app->make(Dispatcher::class)->listen(CommandFinished::class, static function (CommandFinished $event) use ($app): void {
            if ($event->command === self::COMMAND && $event->exitCode === 0) {
                try {
                    $app->make(Cache::class)->put(self::KEY, Carbon::now()->getTimestamp(), self::KEEP_SECONDS);
                } catch (Throwable) {
                    // Only a hint is lost.
                }
            }
        });
    }

    /** @return ?int seconds since; null where it was not seen to run in the last 30 days */
    public function secondsSince(): ?int
    {
        $at = $this->cache->get(self::KEY);

        return is_int($at) ? max(0, Carbon::now()->getTimestamp() - $at) : null;
    }
}
