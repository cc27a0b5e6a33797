<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\Simulator;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Helper\TableCell;
use Symfony\Component\Console\Helper\TableCellStyle;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * What simulated runs came to, side by side; queue by queue with -v.
 *
 * @internal
 */
final class SimulationTable
{
    private const HEADINGS = ['', 'in time', 'p50', 'p95', 'p99', 'worker-h', 'of least', 'in jobs', 'changes/h', 'back/h'];

    /** The promise counts as kept from here. */
    private const KEPT_PERCENT = 99.0;

    private const SECONDS_PER_HOUR = 3600;

    public static function show(Simulator $simulator, OutputInterface $output): void
    {
        $traffic = $simulator->traffic();
        $output->writeln(sprintf(
            '<options=bold>%s</>: %s jobs in %s',
            Printable::untagged($traffic['name']),
            Format::count($traffic['jobs']),
            Format::seconds($traffic['seconds']),
        ));

        $table = (new Table($output))->setStyle('compact')->setHeaders(self::HEADINGS);
        $table->getStyle()->setCellRowContentFormat('%s  ');

        foreach ($simulator->results() as $run) {
            $table->addRow(self::row($run['name'], $run, $run));

            foreach ($output->isVerbose() ? $run['pools'] : [] as $pool) {
                $table->addRow(self::row("  {$pool['connection']}:{$pool['queues']}", $pool, null));
            }
        }

        $table->render();
        self::showReal($simulator, $output);
    }

    /**
     * @param array<string, mixed> $figures of a run or of one of its pools
     * @param ?array<string, mixed> $run what only a whole run has
     * @return list<string|TableCell>
     */
    private static function row(string $name, array $figures, ?array $run): array
    {
        $percent = $figures['within_sla_percent'];

        return [
            Printable::untagged($name),
            sprintf('<fg=%s>%.2f %%</>', $percent >= self::KEPT_PERCENT ? 'green' : 'red', $percent),
            ...array_map(self::right(...), [
                self::pickup($figures['p50_pickup_seconds']),
                self::pickup($figures['p95_pickup_seconds']),
                self::pickup($figures['p99_pickup_seconds']),
                sprintf('%.2f', $figures['worker_seconds'] / self::SECONDS_PER_HOUR),
                $run === null ? '' : sprintf('%.2fx', $run['cost_ratio']),
                sprintf('%.0f %%', $figures['utilisation_percent']),
                $run === null ? '' : sprintf('%.0f', $run['actions_per_hour']),
                $run === null ? '' : sprintf('%.0f', $run['reversals_per_hour']),
            ]),
        ];
    }

    /** For a recording: how near the first run came to what really happened. */
    private static function showReal(Simulator $simulator, OutputInterface $output): void
    {
        $first = $simulator->results()[0];

        foreach ($simulator->traffic()['pools'] as $place => $pool) {
            if ($pool['real'] !== null) {
                $output->writeln(sprintf(
                    '%s really had %.1f workers and a mean wait of %s; simulated %.1f and %s.',
                    Printable::untagged("{$pool['connection']}:{$pool['queues']}"),
                    $pool['real']['mean_workers'],
                    self::pickup($pool['real']['mean_pickup_seconds']),
                    $first['pools'][$place]['mean_workers'],
                    self::pickup($first['pools'][$place]['mean_pickup_seconds']),
                ));
            }
        }
    }

    private static function pickup(?float $seconds): string
    {
        return $seconds === null ? 'never' : Format::seconds($seconds);
    }

    private static function right(string $text): TableCell
    {
        return new TableCell($text, ['style' => new TableCellStyle(['align' => 'right'])]);
    }
}
