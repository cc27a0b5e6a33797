<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Metrics\QueueMetricsSource;
use QueueAutoscale\ScalingEngine;

/**
 * What must be installed.
 *
 * @internal
 */
final class Requirements
{
    private const EXTENSION_MISSING = 'The PHP extension queue_autoscale is not loaded: build or install it and add '
        . '"extension=queue_autoscale" to the php.ini of the command line (see "Installation" in the README).';

    private const QUEUE_METRICS_MISSING = 'The package cboxdk/laravel-queue-metrics is not installed, and all numbers come '
        . 'from it: run "composer require cboxdk/laravel-queue-metrics".';

    /** @throws CannotStart */
    public static function check(): void
    {
        self::checkExtension();
        self::checkQueueMetrics();
    }

    /** @throws CannotStart */
    public static function checkQueueMetrics(): void
    {
        if (! QueueMetricsSource::isInstalled()) {
            throw CannotStart::because(self::QUEUE_METRICS_MISSING);
        }
    }

    /** @throws CannotStart */
    public static function checkExtension(): void
    {
        if (! class_exists(ScalingEngine::class)) {
            throw CannotStart::because(self::EXTENSION_MISSING);
        }
    }
}
