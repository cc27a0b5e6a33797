<?php

declare(strict_types=1);

namespace Cbox\LaravelQueueMetrics\Enums;

enum WorkerState: string
{
    case IDLE = 'idle';
    case BUSY = 'busy';
    case PAUSED = 'paused';
    case STOPPED = 'stopped';
    case CRASHED = 'crashed';
    case UNKNOWN = 'unknown';

    public function isActive(): bool
    {
        return $this === self::IDLE || $this === self::BUSY;
    }
}
