<?php

declare(strict_types=1);

namespace App\Console\Commands;

use App\Demo\LoadPlan;
use App\Records\RecordFile;
use App\Records\RecordKind;
use Illuminate\Console\Command;
use Illuminate\Support\Sleep;

final class DemoFeedCommand extends Command
{
    protected $signature = 'demo:feed
        {--seconds=90 : How long the load lasts, silence at its end included}';

    protected $description = 'Feed the queues: steady work, a burst, silence';

    public function handle(RecordFile $records): int
    {
        $plan = new LoadPlan((float) $this->option('seconds'));
        $start = microtime(true);

        foreach ($plan->jobs() as $planned) {
            $this->waitUntil($start + $planned->atSeconds);
            $planned->job->enqueue($planned->queue);
        }

        $this->waitUntil($start + $plan->seconds);
        $records->append(RecordKind::FeedEnded, []);

        return self::SUCCESS;
    }

    private function waitUntil(float $instant): void
    {
        while (($left = $instant - microtime(true)) > 0) {
            Sleep::for((int) ceil($left * 1e6))->microseconds();
        }
    }
}
