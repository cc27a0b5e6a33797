<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

/** How often what was asked for. */
final class Readings
{
    /** @var array<string, int> by queue */
    public array $depths = [];

    public int $workers = 0;
}
