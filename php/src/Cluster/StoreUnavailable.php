<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use RuntimeException;
use Throwable;

/**
 * The store that the hosts share does not answer.
 *
 * @internal
 */
final class StoreUnavailable extends RuntimeException
{
    public static function because(Throwable $cause): self
    {
        return new self(
            "The hosts' shared store cannot be reached ({$cause->getMessage()}); this host keeps its workers.",
            previous: $cause,
        );
    }
}
