<?php

declare(strict_types=1);

namespace App\Records;

enum RecordKind: string
{
    case JobQueued = 'job-queued';
    case JobStarted = 'job-started';
    case JobFinished = 'job-finished';
    case WorkerStarted = 'worker-started';
    case WorkerStopped = 'worker-stopped';
    case WorkersScaled = 'workers-scaled';
    case FeedEnded = 'feed-ended';
}
