<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\ClusterPlanner;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;

final class ClusterPlannerTest extends TestCase
{
    #[Test]
    public function two_hosts_are_one_for_the_engine(): void
    {
        $planner = self::planner();
        $errors = $planner->merge(1, ['a' => self::report(busy: 3), 'b' => self::report(busy: 1)]);

        self::assertSame([], $errors);
        self::assertSame(4, $planner->workers()['redis:emails']['busy']);
        self::assertSame(8.0, $planner->capacity()?->cpuLimitCores);
        self::assertSame(2 * 1024 ** 3, $planner->capacity()->memoryUsedBytes);
    }

    #[Test]
    public function what_was_decided_is_shared_out(): void
    {
        $planner = self::planner();
        // A name that is a number is a name all the same.
        $planner->merge(1, ['a' => self::report(busy: 3), 7 => self::report(busy: 1)]);
        $shares = $planner->plan([['redis', 'emails', 6, 3], ['redis', '5', 1]]);

        self::assertSame(1, $shares['serial']);
        self::assertSame([], $shares['unplaced']);
        self::assertSame(['7', 'a'], array_column($shares['hosts'], 'host'));
        $workers = array_merge(...array_column($shares['hosts'], 'workers'));
        // All stay where nobody says how many do.
        self::assertEqualsCanonicalizing(
            [['redis', 'emails', 3, 2], ['redis', 'emails', 3, 1], ['redis', '5', 1, 1]],
            $workers,
        );
        self::assertSame(2, $planner->plan([])['serial']);
    }

    #[Test]
    public function a_report_that_cannot_be_read_is_told_and_the_others_count(): void
    {
        $planner = self::planner();
        $errors = $planner->merge(1, [
            'a' => self::report(busy: 3),
            'b' => '{"version":1',
            'c' => str_replace('"version":1', '"version":9', self::report(busy: 1)),
        ]);

        self::assertCount(2, $errors);
        self::assertStringStartsWith('b: its report cannot be read', $errors[0]);
        self::assertStringStartsWith('c: its report is of version 9', $errors[1]);
        self::assertSame(3, $planner->workers()['redis:emails']['busy']);
    }

    #[Test]
    public function without_hosts_there_is_nothing(): void
    {
        $planner = self::planner();

        self::assertSame([], $planner->merge(1, []));
        self::assertSame([], $planner->workers());
        self::assertNull($planner->capacity());
        self::assertSame([], $planner->plan([['redis', 'emails', 1]])['hosts']);
    }

    #[Test]
    public function what_is_no_report_and_no_target_is_refused(): void
    {
        $planner = self::planner();

        foreach ([
            '$fencingNumber' => static fn() => $planner->merge(-1, []),
            '$reports: a' => static fn() => $planner->merge(1, ['a' => 5]),
            'argets' => static fn() => $planner->plan([['redis', 'emails', -1]]),
            'targets' => static fn() => $planner->plan([['redis', 'emails', 2, -1]]),
            '$targets' => static fn() => $planner->plan([['redis', 'emails', 2], ['redis', 'emails']]),
        ] as $part => $call) {
            try {
                $call();
                self::fail("{$part} was accepted");
            } catch (InvalidArgument $refused) {
                self::assertStringContainsString($part, $refused->getMessage());
            }
        }
    }

    private static function planner(): ClusterPlanner
    {
        return new ClusterPlanner(Configuration::fromArray(['cluster' => ['enabled' => true]]));
    }

    private static function report(int $busy): string
    {
        return json_encode([
            'version' => 1,
            'fencing_number' => 0,
            'serial' => 0,
            'paused' => false,
            'capacity' => [
                'cpu_limit_cores' => 4.0,
                'cpu_used_cores' => null,
                'memory_limit_bytes' => 8 * 1024 ** 3,
                'memory_used_bytes' => 1024 ** 3,
            ],
            'workers' => [['connection' => 'redis', 'queues' => 'emails', 'busy' => $busy]],
        ], JSON_THROW_ON_ERROR);
    }
}
