<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\Laravel\Printable;
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
    private const WIDTHS = [8, 8, 9, 9, 10];

    private const SHORTEST_NAME = 12;

    private const LONGEST_NAME = 32;

    private const SHORTEST_HISTORY = 4;

    private const LONGEST_HISTORY = 20;

    /** The table's heading, the empty line under it, and the row of titles. */
    private const LINES_AROUND = 3;

    /** Two columns of indentation, and one that stays free. */
    private const REASON_MARGIN = 3;

    private const SLA_COLOURS = ['met' => 'green', 'at_risk' => 'yellow', 'breached' => 'red', 'unknown' => 'gray'];

    /** @var array<string, list<int>> waiting jobs, by pool */
    private array $pending = [];

    /** @var array<string, list<int>> workers, by pool */
    private array $workers = [];

    /**
     * Takes a turn into the history, which is shown once there is one.
     *
     * @param array<string, ScalingDecision> $decisions by pool
     */
    public function remember(array $decisions): void
    {
        foreach ($decisions as $pool => $decision) {
            $this->pending[$pool] = self::longer($this->pending[$pool] ?? [], $decision->pending);
            $this->workers[$pool] = self::longer($this->workers[$pool] ?? [], $decision->targetWorkers);
        }
    }

    /**
     * @param array<string, ScalingDecision> $decisions by pool
     * @return list<string> with Symfony's tags for colours
     */
    public function lines(array $decisions, int $width, int $height): array
    {
        if ($decisions === []) {
            return ['No queue has had a job yet.'];
        }

        $rows = max(1, $height - self::LINES_AROUND);
        $visible = count($decisions) > $rows ? self::mostUrgent($decisions, $rows - 1) : $decisions;
        $reasons = self::reasons($visible, $width, $rows - count($visible));
        $nameWidth = self::nameWidth($visible, $width);
        $names = self::names($visible, $nameWidth);
        $historyWidth = $this->pending === [] ? 0 : self::historyWidth($nameWidth, $width);
        $lines = [self::header($nameWidth, $historyWidth)];

        foreach ($visible as $pool => $decision) {
            $lines[] = $this->row($pool, $names[$pool], $decision, $nameWidth, $historyWidth);

            foreach ($reasons[$pool] ?? [] as $line) {
                $lines[] = '<fg=gray>' . OutputFormatter::escape("  {$line}") . '</>';
            }
        }

        if (count($visible) < count($decisions)) {
            $lines[] = sprintf('… and %d more queues', count($decisions) - count($visible));
        }

        // A terminal that gets narrower would make a second row of blanks at the end.
        return (array) preg_replace('~ +(</>)?$~', '$1', $lines);
    }

    /**
     * The reasons as far as there is room: in full, else the beginning of each, else none.
     *
     * @param array<string, ScalingDecision> $decisions
     * @return array<string, list<string>> lines, by pool
     */
    private static function reasons(array $decisions, int $width, int $linesFree): array
    {
        $textWidth = $width - self::REASON_MARGIN;
        $reasons = array_map(static fn(ScalingDecision $decision): array => self::wrap(Printable::text($decision->reason), $textWidth), $decisions);

        if (array_sum(array_map(count(...), $reasons)) <= $linesFree) {
            return $reasons;
        }

        return count($reasons) <= $linesFree
            ? array_map(static fn(ScalingDecision $decision): array => [self::fit(Printable::text($decision->reason), $textWidth)], $decisions)
            : [];
    }

    /** @return list<string> */
    private static function wrap(string $text, int $width): array
    {
        $lines = [''];

        foreach (explode(' ', $text) as $word) {
            $longer = ltrim(end($lines) . " {$word}");

            if (Helper::width($longer) <= $width) {
                $lines[array_key_last($lines)] = $longer;
            } else {
                $lines[] = self::fit($word, min($width, Helper::width($word)));
            }
        }

        return array_values(array_filter($lines, static fn(string $line): bool => $line !== ''));
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
            ($decision->oldestJobAgeSeconds ?? 0.0) / $decision->maxPickupTimeSeconds,
            $decision->targetWorkers + $decision->currentWorkers,
        ];

        uasort($decisions, static fn(ScalingDecision $a, ScalingDecision $b): int => $urgency($b) <=> $urgency($a)
            ?: strnatcmp($a->key(), $b->key()));

        return array_slice($decisions, 0, $count, preserve_keys: true);
    }

    /** @param array<string, ScalingDecision> $decisions */
    private static function nameWidth(array $decisions, int $width): int
    {
        $longest = self::longestName($decisions);
        $free = $width - array_sum(self::WIDTHS) - 1;

        return max(self::SHORTEST_NAME, min($longest, self::LONGEST_NAME, $free));
    }

    /**
     * In full; where that does not fit without the connection, if it is the same for all.
     *
     * @param array<string, ScalingDecision> $decisions
     * @return array<string, string> by pool
     */
    private static function names(array $decisions, int $width): array
    {
        $longest = self::longestName($decisions);
        $connections = array_unique(array_map(static fn(ScalingDecision $decision): string => $decision->connection, $decisions));

        return array_map(
            static fn(ScalingDecision $decision): string => Printable::text(
                $longest <= $width || count($connections) > 1 ? $decision->key() : $decision->queues,
            ),
            $decisions,
        );
    }

    /** @param array<string, ScalingDecision> $decisions */
    private static function longestName(array $decisions): int
    {
        return max(array_map(static fn(ScalingDecision $decision): int => Helper::width(Printable::text($decision->key())), $decisions));
    }

    /** @return int columns for each of the two sparklines; 0 where there is no room for them */
    private static function historyWidth(int $nameWidth, int $width): int
    {
        $free = intdiv($width - $nameWidth - array_sum(self::WIDTHS) - 3, 2);

        return $free < self::SHORTEST_HISTORY ? 0 : min($free, self::LONGEST_HISTORY);
    }

    /**
     * @param list<int> $history
     * @return list<int>
     */
    private static function longer(array $history, int $value): array
    {
        return array_slice([...$history, $value], -self::LONGEST_HISTORY);
    }

    private static function header(int $nameWidth, int $historyWidth): string
    {
        [$waiting, $oldest, $arrivals, $workers, $sla] = self::WIDTHS;

        $line = self::fit('queue', $nameWidth)
            . self::right('waiting', $waiting)
            . self::right('oldest', $oldest)
            . self::right('arrivals', $arrivals)
            . self::right('workers', $workers)
            . self::fit('  promise', $sla);

        if ($historyWidth > 0) {
            $line .= ' ' . self::fit('waiting', $historyWidth) . ' ' . self::fit('workers', $historyWidth);
        }

        return "<options=bold>{$line}</>";
    }

    private function row(string $pool, string $name, ScalingDecision $decision, int $nameWidth, int $historyWidth): string
    {
        [$waiting, $oldest, $arrivals, $workers, $sla] = self::WIDTHS;
        $colour = self::SLA_COLOURS[$decision->slaState] ?? 'gray';

        $line = OutputFormatter::escape(self::fit($name, $nameWidth))
            . self::right(Format::count($decision->pending), $waiting)
            . self::right(Format::seconds($decision->oldestJobAgeSeconds), $oldest)
            . self::right(Format::rate($decision->arrivalRatePerSecond), $arrivals)
            . self::right(self::workers($decision), $workers)
            . "<fg={$colour}>" . self::fit('  ' . Format::slaState($decision->slaState), $sla) . '</>';

        if ($historyWidth > 0) {
            $line .= ' ' . Sparkline::of($this->pending[$pool], $historyWidth)
                . ' ' . Sparkline::of($this->workers[$pool], $historyWidth);
        }

        return $line;
    }

    private static function workers(ScalingDecision $decision): string
    {
        return $decision->currentWorkers === $decision->targetWorkers
            ? (string) $decision->targetWorkers
            : "{$decision->currentWorkers} → {$decision->targetWorkers}";
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
