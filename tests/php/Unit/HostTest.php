<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\HostMonitor;

final class HostTest extends TestCase
{
    #[Test]
    public function this_host_has_processors_and_memory(): void
    {
        $capacity = (new HostMonitor(Configuration::fromArray([])))->read();

        self::assertGreaterThan(0.0, $capacity->cpuLimitCores);
        self::assertNull($capacity->cpuUsedCores, 'one reading alone tells nothing of the CPU');
        self::assertGreaterThan($capacity->memoryUsedBytes, $capacity->memoryLimitBytes);
    }

    #[Test]
    public function a_capacity_can_be_made_with_named_arguments(): void
    {
        $capacity = new HostCapacity(cpuLimitCores: 4, cpuUsedCores: null, memoryLimitBytes: 100, memoryUsedBytes: 50);

        self::assertSame([4.0, null, 100, 50], array_values(get_object_vars($capacity)));
    }

    #[Test]
    public function a_capacity_that_is_none_is_refused(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('$memoryLimitBytes: -1 where a whole number of at least 0 was expected');

        new HostCapacity(4.0, null, -1, 0);
    }

    #[Test]
    public function a_capacity_is_constructed_once(): void
    {
        $capacity = new HostCapacity(4.0, null, 100, 50);

        $this->expectException(InvalidArgument::class);

        $capacity->__construct(8.0, null, 100, 50);
    }
}
