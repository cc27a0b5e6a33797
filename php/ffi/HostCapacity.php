<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Failure;

/** What the host, or the container around the manager, has and uses at one instant. */
final class HostCapacity
{
    /** Cores that may be used: the smaller of the host's and the container's. */
    public readonly float $cpuLimitCores;

    /** Cores in use, everything counted; null before a second reading allows a difference. */
    public readonly ?float $cpuUsedCores;

    /** Memory that may be used: the smaller of the host's and the container's. */
    public readonly int $memoryLimitBytes;

    /** Memory in use without reclaimable cache, everything counted. */
    public readonly int $memoryUsedBytes;

    /** @throws InvalidArgument for a number that is negative or not finite */
    public function __construct(float $cpuLimitCores, ?float $cpuUsedCores, int $memoryLimitBytes, int $memoryUsedBytes)
    {
        self::check('cpuLimitCores', $cpuLimitCores, is_finite($cpuLimitCores), 'a finite number');
        self::check('cpuUsedCores', $cpuUsedCores, $cpuUsedCores === null || is_finite($cpuUsedCores), 'a finite number');
        self::check('memoryLimitBytes', $memoryLimitBytes, $memoryLimitBytes >= 0, 'a whole number of at least 0');
        self::check('memoryUsedBytes', $memoryUsedBytes, $memoryUsedBytes >= 0, 'a whole number of at least 0');

        if (isset($this->cpuLimitCores)) {
            throw Failure::argument('a HostCapacity cannot be constructed twice');
        }

        $this->cpuLimitCores = $cpuLimitCores;
        $this->cpuUsedCores = $cpuUsedCores;
        $this->memoryLimitBytes = $memoryLimitBytes;
        $this->memoryUsedBytes = $memoryUsedBytes;
    }

    private static function check(string $name, float|int|null $number, bool $isGood, string $expected): void
    {
        if (! $isGood) {
            throw Failure::argument("\${$name}: {$number} where {$expected} was expected");
        }
    }
}
