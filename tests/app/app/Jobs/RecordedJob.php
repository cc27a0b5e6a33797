<?php

declare(strict_types=1);

namespace App\Jobs;

use App\Records\RecordFile;
use App\Records\RecordKind;
use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Bus\Dispatchable;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Support\Str;

/** A job that leaves a record when it is queued, each time it starts, and when it is done. */
abstract class RecordedJob implements ShouldQueue
{
    use Dispatchable;
    use InteractsWithQueue;
    use Queueable;

    public readonly string $recordId;

    public function __construct()
    {
        $this->recordId = (string) Str::ulid();
    }

    /** Puts the job on a queue and records that. */
    final public function enqueue(string $queue, ?string $connection = null): string
    {
        // Before the dispatch, or a quick worker starts the job before it was queued.
        $this->record(RecordKind::JobQueued, ['queue' => $queue]);

        dispatch($this->onConnection($connection)->onQueue($queue));

        return $this->recordId;
    }

    final public function handle(): void
    {
        $details = ['queue' => $this->job?->getQueue(), 'attempt' => $this->attempts()];

        $this->record(RecordKind::JobStarted, $details);
        $this->work();
        $this->record(RecordKind::JobFinished, $details);
    }

    abstract protected function work(): void;

    /** @param array<string, scalar|null> $details */
    private function record(RecordKind $kind, array $details): void
    {
        app(RecordFile::class)->append($kind, ['job' => $this->recordId] + $details);
    }
}
