<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;

/**
 * Where the numbers of the queues come from.
 *
 * @internal
 */
interface MetricsSource
{
    /**
     * @return array<string, array<string, mixed>> the rows of QueueMetrics, keyed "connection:queue"
     *
     * @throws MetricsUnavailable
     */
    public function read(): array;
}
