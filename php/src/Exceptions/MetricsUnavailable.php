<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Exceptions;

use RuntimeException;
use Throwable;

/** QueueMetrics could not tell its numbers; the workers stay as they are. */
final class MetricsUnavailable extends RuntimeException
{
    public static function because(Throwable $cause): self
    {
        return new self(
            sprintf('QueueMetrics cannot be read (%s); the workers stay as they are.', rtrim($cause->getMessage(), '.')),
            previous: $cause,
        );
    }
}
