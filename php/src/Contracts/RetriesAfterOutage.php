<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

/**
 * A back end that waits ever longer before it starts a worker in the place of one that failed. It is told when an outage is over,
 * so that what the outage made fail waits no longer.
 */
interface RetriesAfterOutage
{
    /**
     * Starts those again that failed within the last $seconds and wait for it. Failures from before are none of the outage's, and
     * those who failed of something else will fail and wait again.
     */
    public function retryAfterOutage(float $seconds): void;
}
