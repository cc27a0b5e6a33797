<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use QueueAutoscale\Laravel\Console\Display\ChangeLines;
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
    public function for(OutputInterface $output): ManagerObserver
    {
        return $output->isDecorated() && stream_isatty(STDOUT)
            ? new LiveTable($output)
            : new ChangeLines($output);
    }
}
