<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use Illuminate\Contracts\Cache\Repository as Cache;
use QueueAutoscale\Laravel\Manager\RestartSignal;
use Symfony\Component\Console\Attribute\AsCommand;

#[AsCommand(name: 'queue:autoscale:restart')]
final class RestartCommand extends Command
{
    protected $signature = 'queue:autoscale:restart';

    protected $description = 'Let every manager finish its workers\' jobs and end, for the process manager to start anew';

    protected $help = 'Call it once a new release is in place; queue:restart does the same. Exit code: 0.';

    public function handle(Cache $cache): int
    {
        // To the microsecond: two restarts within a second are two.
        $cache->forever(RestartSignal::AUTOSCALE_RESTART_KEY, microtime(true));

        $this->components->info('The managers end at their next turn, once their workers have finished their jobs.');

        return self::SUCCESS;
    }
}
