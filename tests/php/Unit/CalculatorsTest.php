<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Calculators\ArrivalRateCalculator;
use QueueAutoscale\Calculators\BacklogDrainCalculator;
use QueueAutoscale\Calculators\CapacityCalculator;
use QueueAutoscale\Calculators\LittlesLawCalculator;
use QueueAutoscale\Calculators\PickupTimeCalculator;
use QueueAutoscale\Calculators\TrendCalculator;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\HostCapacity;

final class CalculatorsTest extends TestCase
{
    #[Test]
    public function littles_law_ties_rate_time_and_number(): void
    {
        $law = new LittlesLawCalculator();

        self::assertSame(5.0, $law->busyWorkers(arrivalRatePerSecond: 10, serviceTimeSeconds: 0.5));
        self::assertSame(30.0, $law->waitingJobs(10.0, 3.0));
        self::assertSame(0.5, $law->serviceTime(busyWorkerSeconds: 180.0, jobsDone: 360));
        self::assertNull($law->serviceTime(180.0, 0.0));
    }

    #[Test]
    public function the_arrival_rate_follows_from_the_growth_of_the_backlog(): void
    {
        $arrivals = new ArrivalRateCalculator();
        foreach (range(0, 9) as $turn) {
            $arrivals->observe(nowSeconds: 5.0 * $turn, backlog: 50.0 * $turn, throughputPerMinute: 0.0);
        }

        self::assertEqualsWithDelta(10.0, $arrivals->ratePerSecond(), 0.5);
        self::assertGreaterThan(0.5, $arrivals->confidence());
    }

    #[Test]
    public function a_trend_is_followed(): void
    {
        $trend = new TrendCalculator();
        foreach (range(0, 59) as $bin) {
            $trend->record(arrivals: 50.0 + 5.0 * $bin, elapsedSeconds: 5.0);
        }

        self::assertEqualsWithDelta(0.2, $trend->slopePerSecondSquared(windowSeconds: 300.0), 0.01);
        $forecast = $trend->forecast(ratePerSecond: 69.0, horizonSeconds: 30.0, windowSeconds: 300.0);
        self::assertGreaterThan(74.0, $forecast['rate_per_second']);
        self::assertLessThan($forecast['upper_per_second'], $forecast['lower_per_second']);
    }

    #[Test]
    public function a_backlog_needs_enough_starts_before_its_deadline(): void
    {
        // 100 jobs of 2 s wait, 22 s are left, a worker needs 2 s to boot: each offers 1 + 20/2 = 11 starts.
        $workers = (new BacklogDrainCalculator())->workersFor(
            pending: 100,
            timeLeftSeconds: 22,
            serviceTimeSeconds: 2,
            bootSeconds: 2,
        );

        self::assertEqualsWithDelta(100 / 11, $workers, 1e-9);
    }

    #[Test]
    public function pickup_times_follow_erlang_c(): void
    {
        $pickup = new PickupTimeCalculator();

        // M/M/1 at half load: P(W > t) = 0.5·e^(−t/2), and 95 % wait less than 2·ln 10.
        self::assertEqualsWithDelta(0.5 * exp(-1.0), $pickup->probabilityBeyond(2.0, 1, 0.5, 1.0), 1e-12);
        self::assertEqualsWithDelta(2.0 * log(10.0), $pickup->percentileSeconds(95.0, 1, 0.5, 1.0), 1e-9);
        self::assertNull($pickup->percentileSeconds(95.0, 1, 2.0, 1.0));
        $workers = $pickup->workersFor(arrivalRatePerSecond: 10.0, serviceTimeSeconds: 1.0, percentile: 95.0, seconds: 2.0);
        self::assertSame(12, $workers);
        self::assertSame(11, (new PickupTimeCalculator(serviceSquaredVariation: 0.0))->workersFor(10.0, 1.0, 95.0, 2.0));
    }

    #[Test]
    public function a_host_has_room_for_so_many_workers(): void
    {
        $host = new HostCapacity(cpuLimitCores: 8.0, cpuUsedCores: 5.0, memoryLimitBytes: 1000, memoryUsedBytes: 600);
        $capacity = new CapacityCalculator();

        // 85 % of 8 cores are 6.8, others use 5.
        self::assertSame(3, $capacity->workersWithin($host, workerCpuCores: 0.5, workerMemoryBytes: 1.0));
        // Of the 5 in use, 3 are the six workers' own.
        self::assertSame(9, $capacity->workersWithin($host, 0.5, 1.0, runningWorkers: 6));
    }

    #[Test]
    public function a_number_out_of_range_is_named(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('$serviceTimeSeconds: -1 where a number of at least 0 was expected');

        (new LittlesLawCalculator())->busyWorkers(1.0, -1.0);
    }
}
