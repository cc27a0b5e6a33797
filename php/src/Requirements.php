<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use QueueAutoscale\Exception\LibraryUnavailable;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Metrics\QueueMetricsSource;
use QueueAutoscale\Native\Library;

/**
 * What must be installed.
 *
 * @internal
 */
final class Requirements
{
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
        if (extension_loaded('queue_autoscale')) {
            return;
        }

        try {
            Library::get();
        } catch (LibraryUnavailable $unavailable) {
            throw CannotStart::because($unavailable->getMessage());
        }
    }
}
