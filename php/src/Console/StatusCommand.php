<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;
use QueueAutoscale\Laravel\Console\Display\ClusterRows;
use QueueAutoscale\Laravel\Console\Display\Format;
use QueueAutoscale\Laravel\Console\Display\QueueRows;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Laravel\Status\ClusterOverview;
use QueueAutoscale\Laravel\Status\Snapshot;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Formatter\OutputFormatter;
use Symfony\Component\Console\Terminal;

#[AsCommand(name: 'queue:autoscale:status')]
final class StatusCommand extends Command
{
    use TellsReasons;

    protected $signature = 'queue:autoscale:status
        {--json : Print the snapshots as JSON}';

    protected $description = 'Show what the running managers see and decided last';

    protected $help = 'Exit codes: 0 a manager runs, 1 none does.';

    public function handle(SnapshotStore $store, ClusterOverview $overview): int
    {
        try {
            Requirements::checkExtension();
            $cluster = $overview->read();
        } catch (CannotStart $missing) {
            return $this->refuse($missing);
        } catch (StoreUnavailable $unavailable) {
            $this->components->error($unavailable->getMessage());

            return self::FAILURE;
        }

        $snapshots = $store->all();
        $living = array_filter($snapshots, static fn(Snapshot $snapshot): bool => $store->isAlive($snapshot->host));

        if ($this->option('json')) {
            $managers = array_map(static fn(Snapshot $snapshot): array => $snapshot->toArray(), $snapshots);
            $this->line((string) json_encode(
                $cluster === null ? $managers : ['cluster' => $cluster, 'managers' => $managers],
                JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE,
            ));
        } else {
            array_map($this->line(...), $cluster === null ? [] : [...(new ClusterRows())->lines($cluster), '']);

            foreach ($snapshots as $snapshot) {
                $this->show($snapshot, in_array($snapshot, $living, strict: true));
            }
        }

        if ($living === []) {
            $this->option('json') || $this->components->warn('No manager runs. Start one with: php artisan queue:autoscale');

            return self::FAILURE;
        }

        return self::SUCCESS;
    }

    private function show(Snapshot $snapshot, bool $isAlive): void
    {
        $this->line(sprintf(
            '<options=bold>%s</>   process %d   seen %s ago%s%s',
            Printable::untagged($snapshot->host),
            $snapshot->pid,
            Format::seconds($snapshot->ageSeconds()),
            $snapshot->paused ? '   paused' : '',
            $isAlive ? '' : '   <fg=red>silent for too long</>',
        ));

        if ($snapshot->reading !== null) {
            $this->line('Metrics ' . Format::reading($snapshot->reading));
        }

        foreach ($snapshot->problems as $problem) {
            $this->line(sprintf(
                '<fg=red>for %s</>  %s',
                Format::seconds($problem['seconds']),
                Printable::untagged($problem['message']),
            ));
        }

        foreach ((new QueueRows())->lines($snapshot->decisions, (new Terminal())->getWidth(), PHP_INT_MAX) as $line) {
            $this->line($line);
        }

        foreach ($snapshot->orphanedWorkers as $pool => $workers) {
            $this->line(OutputFormatter::escape(
                "{$pool}: {$workers} of its workers left behind by an earlier manager; each fills a place until its job is over.",
            ));
        }

        $this->newLine();
    }
}
