<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Printable;
use Symfony\Component\Console\Helper\Helper;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * A table on a terminal, drawn anew in its place after each turn and when the terminal gets another size; what happens between
 * turns is written above it.
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

    private ?Turn $turn = null;

    /** @var list<string> what the terminal shows now */
    private array $shown = [];

    private bool $isStarted = false;

    private bool $isDrawing = false;

    private bool $isOutdated = false;

    public function __construct(
        private readonly OutputInterface $output,
        private readonly TerminalSize $size,
    ) {
        $this->rows = new QueueRows();
    }

    public function started(): void
    {
        $this->isStarted = true;
        $this->size->onChange($this->draw(...));
        $this->draw();
    }

    public function turnEnded(Turn $turn): void
    {
        $this->turn = $turn;
        $this->rows->remember($turn->decisions);
        $this->size->measure();
        $this->draw();
    }

    public function turnFailed(float $secondsToNextTurn): void
    {
    }

    public function workerEvent(WorkerEvent $event): void
    {
        if ($event->isNoteworthy()) {
            $this->draw("<fg=red>{$this->escape($event->sentence())}</>");
        } elseif ($this->output->isVeryVerbose() || ($this->output->isVerbose() && ! $event->isOutput())) {
            $this->draw("<fg=gray>{$this->escape($event->sentence())}</>");
        }
    }

    public function problem(string $message): void
    {
        $this->draw("<fg=red>{$this->escape($message)}</>");
    }

    public function stopping(string $reason, int $workers): void
    {
        $whom = $workers === 1 ? '1 worker to finish its job' : "{$workers} workers to finish their jobs";
        $this->draw("Stopping: {$this->escape($reason)}." . ($workers === 0 ? '' : " Waiting for {$whom} …"));
    }

    public function stopped(string $reason): void
    {
        $this->erase();
        $this->output->writeln("Stopped ({$this->escape($reason)}); no worker is left.");
    }

    private function heading(Turn $turn, int $width): string
    {
        $workers = array_sum(array_map(static fn($decision): int => $decision->targetWorkers, $turn->decisions));
        $orphans = array_sum($turn->orphanedWorkers());
        $parts = array_filter([
            $turn->dryRun ? 'dry run' : null,
            $turn->paused ? 'paused' : null,
            $workers === 1 ? '1 worker' : "{$workers} workers",
            $orphans === 0 ? null : "{$orphans} of an earlier manager",
            ...$this->hostParts($turn->host),
            'turn of ' . Format::briefly($turn->totalSeconds),
            $turn->seen === null ? null : 'metrics ' . Format::reading($turn->seen->reading()),
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

    /** @return list<string> */
    private function lines(): array
    {
        if ($this->turn === null) {
            return $this->isStarted ? ['Reading the metrics …'] : [];
        }

        $width = $this->size->columns();
        $height = max(1, $this->size->lines() - self::SPARE_LINES);

        return [
            $this->heading($this->turn, $width),
            '',
            ...$this->rows->lines($this->turn->decisions, $width, $height),
        ];
    }

    private function draw(?string $above = null): void
    {
        $this->isOutdated = true;

        // The terminal's size may change in the middle of a drawing, which then draws once more.
        if ($this->isDrawing) {
            return;
        }

        $this->isDrawing = true;

        while ($this->isOutdated) {
            $this->isOutdated = false;
            $this->erase();

            if ($above !== null) {
                $this->output->writeln($above);
                $above = null;
            }

            foreach ($this->lines() as $line) {
                $this->output->writeln($line);
                $this->shown[] = $line;
            }
        }

        $this->isDrawing = false;
    }

    private function erase(): void
    {
        if ($this->shown !== []) {
            $this->output->write(
                sprintf(self::CURSOR_UP, array_sum(array_map($this->rowsOf(...), $this->shown))) . self::CLEAR_TO_END_OF_SCREEN,
                options: OutputInterface::OUTPUT_RAW,
            );
            $this->shown = [];
        }
    }

    /** A line that was drawn on a wider terminal takes several rows now. */
    private function rowsOf(string $line): int
    {
        $width = Helper::width(Helper::removeDecoration($this->output->getFormatter(), $line));

        return max(1, (int) ceil($width / $this->size->columns()));
    }

    private function escape(string $text): string
    {
        return Printable::untagged($text);
    }
}
