<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Workers;

use Illuminate\Contracts\Queue\Job;

/**
 * What became of an attempt, as the supervisor is told.
 *
 * The cases' values are letters of the status pipe's language.
 *
 * @internal
 */
enum AttemptOutcome: string
{
    case Done = 'D';

    /** Back to the queue by the job's own wish: overlapping, rate limited, or an exception that does not count. */
    case Released = 'W';

    /** Back to the queue after an exception. */
    case ReleasedAfterFailure = 'E';

    /** Failed for good by an exception. */
    case Failed = 'F';

    /** Failed for good by its own wish, or by an exception that does not count. */
    case FailedOnPurpose = 'G';

    /** Ran out of time. */
    case TimedOut = 'T';

    /** @param bool $hasThrown whether the attempt ended by an exception that counts */
    public static function of(Job $job, bool $hasThrown): self
    {
        return match (true) {
            $job->hasFailed() => $hasThrown ? self::Failed : self::FailedOnPurpose,
            $job->isReleased() => $hasThrown ? self::ReleasedAfterFailure : self::Released,
            default => self::Done,
        };
    }
}
