<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * One thing that must be right for queue:autoscale to do its work.
 *
 * @internal
 */
interface Check
{
    public function name(): string;

    /** @throws CannotStart where the configuration, without which there is nothing to look at, is not valid */
    public function run(): CheckResult;
}
