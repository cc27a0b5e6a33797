<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use QueueAutoscale\Laravel\Console\Display\ChangeLines;
use QueueAutoscale\Laravel\Console\Display\JsonLines;
use QueueAutoscale\Laravel\Console\Display\LiveTable;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Chooses how the manager shows what it does: a table where it can be drawn anew, lines elsewhere.
 *
 * @internal
 */
final class DisplayFactory
{
    public function for(OutputInterface $output, bool $json): ManagerObserver
    {
        return match (true) {
            $json => new JsonLines($output),
            $output->isDecorated() && stream_isatty(STDOUT) => new LiveTable($output),
            default => new ChangeLines($output),
        };
    }
}
