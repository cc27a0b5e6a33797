<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\Contracts\RetriesAfterOutage;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;

/**
 * Has the back end try again, at once, what an outage made fail: metrics that can be read again tell that it is over.
 *
 * It began after the last reading that succeeded. Workers notice it before the manager does, which only looks now and then.
 *
 * @internal
 */
final class Outage
{
    private bool $lasts = false;

    public function __construct(
        private readonly WorkerBackend $backend,
        private float $lastReadAtSeconds,
    ) {
    }

    public function begins(): void
    {
        $this->lasts = true;
    }

    /** The metrics were read at $nowSeconds. */
    public function isOver(float $nowSeconds): void
    {
        if ($this->lasts && $this->backend instanceof RetriesAfterOutage) {
            $this->backend->retryAfterOutage(max(0.0, $nowSeconds - $this->lastReadAtSeconds));
        }

        $this->lasts = false;
        $this->lastReadAtSeconds = $nowSeconds;
    }
}
