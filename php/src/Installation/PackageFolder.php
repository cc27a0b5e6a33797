<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * The folder of this package: its sources, what it is released as, and the checksums.
 *
 * @internal
 */
final readonly class PackageFolder
{
    public function __construct(public string $path = __DIR__ . '/../../..')
    {
    }
}
