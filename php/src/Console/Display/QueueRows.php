<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\ScalingDecision;
use Symfony\Component\Console\Formatter\OutputFormatter;
use Symfony\Component\Console\Helper\Helper;

/**
 * The table's lines: a row for each queue and, as far as they fit, the reason under it.
 *
 * Each state is a word before it is a colour, so the table can be read without colours.
 *
 * @internal
 */
final class QueueRows
{
    /** The widths of waiting, oldest, arrivals, workers and SLA; the queue's name and the history share the rest. */
    private const WIDTHS = [9, 8, 9, 10, 10];

    private const SHORTEST_NAME = 12;

    private const LONGEST_NAME = 32;

    private const SPARKLINE = 8;

    /** The table's heading, the empty line under it, and the row of titles. */
    private const LINES_AROUND = 3;

    private const SLA_COLOURS = ['met' => 'green', 'at_risk' => 'yellow', 'breached' => 'red', 'unknown' => 'gray'];

    /** @var array<string, list<int>> waiting jobs, by pool */
    private array $pending = [];

    /** @var array<string, list<int>> workers, by pool */
    private array $workers = [];

    /**
     * @param array<string, ScalingDecision> $decisions by pool
     * @return list<string> with Symfony's tags for colours
     */
    public function lines(array $decisions, int $width, int $height): array
    {
        foreach ($decisions as $pool => $decision) {
            $this->pending[$pool] = array_slice([...$this->pending[$pool] ?? [], $decision->pending], -self::SPARKLINE);
            $this->workers[$pool] = array_slice([...$this->workers[$pool] ?? [], $decision->targetWorkers], -self::SPARKLINE);
        }

        if ($decisions === []) {
            return ['No queue has had a job yet.'];
        }

        $rows = max(1, $height - self::LINES_AROUND);
        $visible = count($decisions) > $rows ? self::mostUrgent($decisions, $rows - 1) : $decisions;
        $withReasons = 2 * count($visible) <= $rows;
        $nameWidth = $this->nameWidth($visible, $width);
        $lines = [$this->header($nameWidth, $width)];

        foreach ($visible as $pool => $decision) {
            $lines[] = $this->row($pool, $decision, $nameWidth, $width);

            if ($withReasons) {
                $lines[] = '<fg=gray>' . OutputFormatter::escape(self::fit("  {$decision->reason}", $width - 1)) . '</>';
            }
        }

        if (count($visible) < count($decisions)) {
            $lines[] = sprintf('… and %d quieter queues', count($decisions) - count($visible));
        }

        return $lines;
    }

    /**
     * @param array<string, ScalingDecision> $decisions
     * @return array<string, ScalingDecision>
     */
    private static function mostUrgent(array $decisions, int $count): array
    {
        $urgency = static fn(ScalingDecision $decision): array => [
            $decision->slaState === 'breached',
            $decision->slaState === 'at_risk',
            $decision->targetWorkers + $decision->currentWorkers > 0,
        ];

        uasort($decisions, static fn(ScalingDecision $a, ScalingDecision $b): int => $urgency($b) <=> $urgency($a)
            ?: strcmp($a->key(), $b->key()));

        return array_slice($decisions, 0, $count, preserve_keys: true);
    }

    /** @param array<string, ScalingDecision> $decisions */
    private function nameWidth(array $decisions, int $width): int
    {
        $longest = max(array_map(static fn(string $pool): int => Helper::width($pool), array_keys($decisions)));
        $free = $width - array_sum(self::WIDTHS) - 1;

        return max(self::SHORTEST_NAME, min($longest, self::LONGEST_NAME, $free));
    }

    private function header(int $nameWidth, int $width): string
    {
        $line = self::fit('queue', $nameWidth);

        foreach (['waiting', 'oldest', 'arrivals', 'workers', '  promise'] as $index => $title) {
            $line .= $index < 4 ? self::right($title, self::WIDTHS[$index]) : self::fit($title, self::WIDTHS[$index]);
        }

        if ($this->historyFits($nameWidth, $width)) {
            $line .= ' ' . self::fit('waiting', self::SPARKLINE) . ' workers';
        }

        return "<options=bold>{$line}</>";
    }

    private function row(string $pool, ScalingDecision $decision, int $nameWidth, int $width): string
    {
        [$waiting, $oldest, $arrivals, $workers, $sla] = self::WIDTHS;
        $colour = self::SLA_COLOURS[$decision->slaState] ?? 'gray';

        $line = OutputFormatter::escape(self::fit($pool, $nameWidth))
            . self::right(Format::count($decision->pending), $waiting)
            . self::right(Format::seconds($decision->oldestJobAgeSeconds), $oldest)
            . self::right(Format::rate($decision->arrivalRatePerSecond), $arrivals)
            . self::right(self::workers($decision), $workers)
            . "<fg={$colour}>" . self::fit('  ' . Format::slaState($decision->slaState), $sla) . '</>';

        if ($this->historyFits($nameWidth, $width)) {
            $line .= ' ' . Sparkline::of($this->pending[$pool], self::SPARKLINE)
                . ' ' . Sparkline::of($this->workers[$pool], self::SPARKLINE);
        }

        return $line;
    }

    private static function workers(ScalingDecision $decision): string
    {
        return $decision->currentWorkers === $decision->targetWorkers
            ? (string) $decision->targetWorkers
            : "{$decision->currentWorkers} → {$decision->targetWorkers}";
    }

    private function historyFits(int $nameWidth, int $width): bool
    {
        return $nameWidth + array_sum(self::WIDTHS) + 2 * (self::SPARKLINE + 1) < $width;
    }

    /** Cuts or fills at the right. */
    private static function fit(string $text, int $width): string
    {
        if (Helper::width($text) > $width) {
            $text = mb_strimwidth($text, 0, $width, '…', 'UTF-8');
        }

        return $text . str_repeat(' ', max(0, $width - Helper::width($text)));
    }

    /** Fills at the left. */
    private static function right(string $text, int $width): string
    {
        return str_repeat(' ', max(0, $width - Helper::width($text))) . $text;
    }
}
