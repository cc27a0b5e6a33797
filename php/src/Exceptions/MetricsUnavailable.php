<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Exceptions;

use RuntimeException;
use Throwable;

/** QueueMetrics could not tell its numbers; the workers stay as they are. */
final class MetricsUnavailable extends RuntimeException
{
    /** @param ?string $place where the numbers would have been, for whoever is to look there */
    public static function because(Throwable $cause, ?string $place = null): self
    {
        return new self(
            sprintf(
                'QueueMetrics cannot be read (%s%s); the workers stay as they are.',
                rtrim($cause->getMessage(), '.'),
                $place === null ? '' : "; {$place}",
            ),
            previous: $cause,
        );
    }
}
