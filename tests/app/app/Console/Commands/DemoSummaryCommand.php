<?php

declare(strict_types=1);

namespace App\Console\Commands;

use App\Demo\Summary;
use App\Records\RecordFile;
use Illuminate\Console\Command;

final class DemoSummaryCommand extends Command
{
    protected $signature = 'demo:summary';

    protected $description = 'Sum up a run from the records that its jobs and workers left; exit code 1 if something did not hold';

    public function handle(RecordFile $records): int
    {
        $summary = Summary::of($records->all());

        $this->line('');
        $this->line(sprintf(
            '  Jobs      %d queued, %d done, %d lost',
            $summary->queuedJobs,
            $summary->doneJobs,
            $summary->lostJobs(),
        ));

        foreach ($summary->pickups as $queue => $pickup) {
            $sla = $this->maxPickupTimeSeconds($queue);
            $this->line(sprintf(
                '  Pickup    %-8s %5.1f %% of %d within %g s (median %.1f s, 95 %% %.1f s, longest %.1f s)',
                $queue,
                $pickup->shareWithinPercent($sla),
                $pickup->count(),
                $sla,
                $pickup->percentileSeconds(50),
                $pickup->percentileSeconds(95),
                $pickup->percentileSeconds(100),
            ));
        }

        $this->line(sprintf(
            '  Workers   peak %d, at the end of the load %d, left behind %d',
            $summary->peakWorkers,
            $summary->finalWorkers,
            count($summary->workersLeftBehind),
        ));
        $this->line(sprintf(
            '  Cost      %.0f worker-seconds, %.0f of them in jobs',
            $summary->workerSeconds,
            $summary->jobSeconds,
        ));
        $this->line('');

        foreach ($summary->failures() as $failure) {
            $this->error("  {$failure}");
        }

        return $summary->failures() === [] ? self::SUCCESS : self::FAILURE;
    }

    private function maxPickupTimeSeconds(string $queue): float
    {
        return (float) (config("queue-autoscale.queues.{$queue}.max_pickup_time_seconds")
            ?? config('queue-autoscale.defaults.max_pickup_time_seconds'));
    }
}
