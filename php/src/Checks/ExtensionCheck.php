<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Native\Library;

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

        return CheckResult::ok(
            $version === false
                ? 'not loaded; its classes come over FFI from library ' . Library::get()->version()
                : "queue_autoscale {$version}",
        );
    }
}
