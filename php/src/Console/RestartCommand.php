<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Laravel\Manager\RestartSignal;
use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\Laravel\Status\Snapshot;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use RuntimeException;
use Symfony\Component\Console\Attribute\AsCommand;
use Throwable;

#[AsCommand(name: 'queue:autoscale:restart')]
final class RestartCommand extends Command
{
    protected $signature = 'queue:autoscale:restart';

    protected $description = 'Let every manager finish its workers\' jobs and end, for the process manager to start anew';

    protected $help = 'Call it once a new release is in place; queue:restart does the same. Exit codes: 0 noted, 1 the cache cannot be written.';

    public function handle(Cache $cache, Config $config, SnapshotStore $snapshots): int
    {
        $store = (string) $config->get('cache.default');

        try {
            // To the microsecond: two restarts within a second are two.
            if (! $cache->forever(RestartSignal::AUTOSCALE_RESTART_KEY, microtime(true))) {
                throw new RuntimeException('it took nothing');
            }

            $running = array_filter($snapshots->all(), static fn(Snapshot $snapshot): bool => $snapshots->isAlive($snapshot->host));
        } catch (Throwable $thrown) {
            $this->components->error(Printable::untagged("The cache store {$store} cannot be written: {$thrown->getMessage()}"));

            return self::FAILURE;
        }

        if ($running === []) {
            $this->components->warn(Printable::untagged(
                "No manager is running that shares the cache store {$store}, so nothing restarts. Start one with: php artisan queue:autoscale",
            ));

            return self::SUCCESS;
        }

        $hosts = implode(', ', array_map(static fn(Snapshot $snapshot): string => $snapshot->host, $running));
        $this->components->info(Printable::untagged(
            "The managers on {$hosts} end after their current cycle, once their workers have finished their jobs.",
        ));

        return self::SUCCESS;
    }
}
