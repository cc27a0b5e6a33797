<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use Symfony\Component\Console\Formatter\OutputFormatter;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Terminal;

/**
 * A table on a terminal, drawn anew in its place after each turn; what happens between turns is written above it.
 *
 * @internal
 */
final class LiveTable implements ManagerObserver
{
    private const CURSOR_UP = "\e[%dA\r";

    private const CLEAR_TO_END_OF_SCREEN = "\e[J";

    private const BYTES_PER_GIBIBYTE = 1024 ** 3;

    /** Lines that the table leaves free, so that the prompt and a message fit on the screen. */
    private const SPARE_LINES = 3;

    private const TITLE = 'Queue Autoscale';

    private const GAP = '   ';

    private readonly QueueRows $rows;

    /** @var list<string> what the terminal shows now */
    private array $shown = [];

    public function __construct(
        private readonly OutputInterface $output,
        private readonly Terminal $terminal = new Terminal(),
    ) {
        $this->rows = new QueueRows();
    }

    public function started(): void
    {
        $this->redraw(['Reading the metrics …']);
    }

    public function turnEnded(Turn $turn): void
    {
        $width = $this->terminal->getWidth();
        $height = max(1, $this->terminal->getHeight() - self::SPARE_LINES);

        $this->redraw([
            $this->heading($turn, $width),
            '',
            ...$this->rows->lines($turn->decisions, $width, $height),
        ]);
    }

    public function workerEvent(WorkerEvent $event): void
    {
        if ($event->isNoteworthy()) {
            $this->above("<fg=red>{$this->escape($event->sentence())}</>");
        } elseif ($this->output->isVeryVerbose() || ($this->output->isVerbose() && ! $event->isOutput())) {
            $this->above("<fg=gray>{$this->escape($event->sentence())}</>");
        }
    }

    public function problem(string $message): void
    {
        $this->above("<fg=red>{$this->escape($message)}</>");
    }

    public function stopping(string $reason, int $workers): void
    {
        $whom = $workers === 1 ? '1 worker to finish its job' : "{$workers} workers to finish their jobs";
        $this->above("Stopping: {$reason}." . ($workers === 0 ? '' : " Waiting for {$whom} …"));
    }

    public function stopped(string $reason): void
    {
        $this->erase();
        $this->output->writeln("Stopped ({$reason}); no worker is left.");
    }

    private function heading(Turn $turn, int $width): string
    {
        $workers = array_sum(array_map(static fn($decision): int => $decision->targetWorkers, $turn->decisions));
        $parts = array_filter([
            $turn->dryRun ? 'dry run' : null,
            $turn->paused ? 'paused' : null,
            $workers === 1 ? '1 worker' : "{$workers} workers",
            ...$this->hostParts($turn->host),
            'turn of ' . Format::briefly($turn->totalSeconds),
        ]);
        $heading = self::TITLE;

        // A line that is too long would be wrapped, and the next table drawn in the wrong place.
        foreach ($parts as $part) {
            if (mb_strlen($heading . self::GAP . $part) < $width) {
                $heading .= self::GAP . $part;
            }
        }

        return '<options=bold>' . self::TITLE . '</>' . substr($heading, strlen(self::TITLE));
    }

    /** @return list<?string> */
    private function hostParts(?HostCapacity $host): array
    {
        if ($host === null) {
            return [];
        }

        return [
            $host->cpuUsedCores === null
                ? null
                : sprintf('CPU %.0f %% of %g', 100 * $host->cpuUsedCores / $host->cpuLimitCores, round($host->cpuLimitCores, 1)),
            sprintf(
                'memory %.0f %% of %.0f GiB',
                100 * $host->memoryUsedBytes / $host->memoryLimitBytes,
                $host->memoryLimitBytes / self::BYTES_PER_GIBIBYTE,
            ),
        ];
    }

    private function above(string $line): void
    {
        $table = $this->shown;
        $this->erase();
        $this->output->writeln($line);
        $this->redraw($table);
    }

    /** @param list<string> $lines */
    private function redraw(array $lines): void
    {
        $this->erase();

        foreach ($lines as $line) {
            $this->output->writeln($line);
        }

        $this->shown = $lines;
    }

    private function erase(): void
    {
        if ($this->shown !== []) {
            $this->output->write(
                sprintf(self::CURSOR_UP, count($this->shown)) . self::CLEAR_TO_END_OF_SCREEN,
                options: OutputInterface::OUTPUT_RAW,
            );
            $this->shown = [];
        }
    }

    private function escape(string $text): string
    {
        return OutputFormatter::escape($text);
    }
}
