<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use Illuminate\Cache\Repository;
use RuntimeException;

final class BreakableCache extends Repository
{
    public bool $isBroken = false;

    public function get($key, $default = null): mixed
    {
        return $this->isBroken ? throw new RuntimeException('away') : parent::get($key, $default);
    }
}
