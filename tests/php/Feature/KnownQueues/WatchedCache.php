<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use Closure;
use Illuminate\Cache\Repository;

/** Counts how often several keys are asked for at once, which is how names begin to be noted. */
final class WatchedCache extends Repository
{
    public int $readings = 0;

    public Closure $beforeReading;

    public function getMultiple($keys, $default = null): iterable
    {
        $this->readings++;
        ($this->beforeReading)();

        return parent::getMultiple($keys, $default);
    }
}
