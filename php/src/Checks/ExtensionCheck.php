<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Requirements;

/** @internal */
final class ExtensionCheck implements Check
{
    public function name(): string
    {
        return 'Extension';
    }

    public function run(): CheckResult
    {
        try {
            Requirements::checkExtension();
        } catch (CannotStart $missing) {
            return CheckResult::failed($missing->getMessage());
        }

        $version = phpversion('queue_autoscale');

        return CheckResult::ok($version === false ? 'not loaded; its classes come from FFI' : "queue_autoscale {$version}");
    }
}
