<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Manager\CyclePace;

final class CyclePaceTest extends TestCase
{
    /** @param list<float> $readings */
    #[TestWith([[], null, 5.0])]
    #[TestWith([[0.1], null, 5.0])]
    #[TestWith([[4.0], null, 20.0])]
    #[TestWith([[0.1, 0.1, 20.0], null, 5.0])]
    #[TestWith([[0.1, 20.0, 20.0], null, 100.0])]
    #[TestWith([[20.0, 20.0, 20.0], 10.0, 5.0])]
    #[TestWith([[20.0, 20.0, 20.0], 60.0, 30.0])]
    #[TestWith([[4.0, 4.0, 4.0], 3_600.0, 20.0])]
    public function test_reading_takes_a_fifth_of_the_time_unless_a_job_could_wait_for_too_long(
        array $readings,
        ?float $strictestSlaSeconds,
        float $expected,
    ): void {
        $pace = new CyclePace(5.0);
        array_map($pace->readingTook(...), $readings);

        self::assertEqualsWithDelta($expected, $pace->secondsToNext($strictestSlaSeconds), 1e-9);
    }
}
