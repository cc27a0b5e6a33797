<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

/**
 * One thing that must be right for queue:autoscale to do its work.
 *
 * @internal
 */
interface Check
{
    public function name(): string;

    public function run(): CheckResult;
}
