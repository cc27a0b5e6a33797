<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\OutputStyle;
use QueueAutoscale\Laravel\Console\Display\ChangeLines;
use QueueAutoscale\Laravel\Console\Display\JsonLines;
use QueueAutoscale\Laravel\Console\Display\LiveTable;
use QueueAutoscale\Laravel\Console\Display\TerminalSize;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Output\StreamOutput;

/**
 * Chooses how the manager shows what it does: a table where it can be drawn anew, lines elsewhere.
 *
 * Colours are no condition: with NO_COLOR it is a table without them.
 *
 * @internal
 */
final class DisplayFactory
{
    /** What TERM says where the cursor cannot be moved. */
    private const UNABLE_TERMINALS = ['', 'dumb', 'unknown'];

    public function for(InputInterface $input, OutputInterface $output, bool $json): ManagerObserver
    {
        if ($json) {
            return new JsonLines($output);
        }

        $terminal = $input->hasParameterOption('--no-ansi', onlyParams: true) ? null : self::terminal($output);

        return $terminal === null ? new ChangeLines($output) : new LiveTable($output, TerminalSize::of($terminal));
    }

    private static function terminal(OutputInterface $output): ?StreamOutput
    {
        if ($output instanceof OutputStyle) {
            $output = $output->getOutput();
        }

        return $output instanceof StreamOutput
            && stream_isatty($output->getStream())
            && ! in_array((string) getenv('TERM'), self::UNABLE_TERMINALS, strict: true) ? $output : null;
    }
}
