<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Evaluation;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\QueueForecast;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;
use ReflectionClass;
use stdClass;
use TypeError;

final class ScalingEngineTest extends TestCase
{
    private const BACKLOG = '04-backlog-3-workers-70s';

    /** @return iterable<string, array{string}> */
    public static function recordings(): iterable
    {
        foreach (Fixture::names() as $name) {
            yield $name => [$name];
        }
    }

    #[Test]
    #[DataProvider('recordings')]
    public function every_recording_leads_to_a_decision_for_each_queue_that_can_be_worked(string $name): void
    {
        $metrics = Fixture::metrics($name);
        $evaluation = self::engine()->evaluate($metrics, [], null, 1.0);

        self::assertSame([], $evaluation->errors());
        // The queues "", "0" and "a,b" cannot be told to queue:work.
        $expected = array_diff(array_keys($metrics), ['redis:', 'redis:0', 'redis:a,b']);
        self::assertSame([], array_diff($expected, array_keys($evaluation->decisions())));
        self::assertCount(count($expected), $evaluation->decisions());
        foreach ($evaluation->decisions() as $key => $decision) {
            self::assertSame($key, $decision->key());
            self::assertNotSame('', $decision->reason);
            self::assertThat($decision->targetWorkers, self::logicalAnd(
                self::greaterThanOrEqual(0),
                self::lessThanOrEqual(10),
            ));
        }
    }

    #[Test]
    public function a_backlog_that_is_too_old_asks_for_all_that_is_allowed_and_says_why(): void
    {
        $decision = self::engine()->evaluate(Fixture::metrics(self::BACKLOG), [], null, 1.0)->decisions()['redis:default'];

        self::assertSame(490, $decision->pending);
        self::assertSame(70.31089, $decision->oldestJobAgeSeconds);
        self::assertSame('breached', $decision->slaState);
        self::assertSame(10, $decision->targetWorkers);
        self::assertGreaterThan(10, $decision->recommendedWorkers);
        self::assertSame('max_workers', $decision->constraints()[0]['kind']);
    }

    #[Test]
    public function queues_that_come_go_and_change_their_places_keep_their_names_and_numbers(): void
    {
        $row = Fixture::metrics(self::BACKLOG)['redis:default'];
        $engine = self::engine();
        $turns = [['b', 'd'], ['d', 'a', 'b'], ['c', 'd'], ['a', 'b', 'c', 'd'], ['d', 'c', 'b', 'a'], ['b']];
        $known = [];
        foreach ($turns as $turn => $queues) {
            $metrics = [];
            foreach ($queues as $queue) {
                $depth = ['pending' => ord($queue)] + $row['depth'];
                $metrics["redis:{$queue}"] = ['queue' => $queue, 'depth' => $depth] + $row;
            }
            $known = array_unique([...$known, ...$queues]);
            sort($known);

            $engine->observe($metrics, [], null, 5.0 * $turn);

            $forecasts = $engine->forecasts();
            $decisions = $engine->decide()->decisions();
            self::assertSame(array_map(static fn(string $queue): string => "redis:{$queue}", $known), array_keys($decisions));
            self::assertSame(array_keys($decisions), array_keys($forecasts));
            foreach ($decisions as $key => $decision) {
                self::assertSame([$key, $key], [$decision->key(), $forecasts[$key]->key()]);
                self::assertSame(ord($decision->queues), $decision->pending);
            }
        }
    }

    /** The FFI classes do not even pass these on. */
    #[Test]
    public function trends_and_baseline_are_passed_over(): void
    {
        $metrics = Fixture::metrics(self::BACKLOG);
        $expected = self::engine()->evaluate($metrics, [], null, 1.0)->decisions();
        $metrics['redis:default'] = ['trends' => NAN, 'baseline' => ['pending' => 'many']] + $metrics['redis:default'];

        $evaluation = self::engine()->evaluate($metrics, [], null, 1.0);

        self::assertSame([], $evaluation->errors());
        self::assertEquals($expected, $evaluation->decisions());
    }

    #[Test]
    public function the_host_bounds_the_decision(): void
    {
        $host = new HostCapacity(cpuLimitCores: 1.0, cpuUsedCores: 0.1, memoryLimitBytes: 1 << 33, memoryUsedBytes: 1 << 30);
        $decision = self::engine()->evaluate(Fixture::metrics(self::BACKLOG), [], $host, 1.0)->decisions()['redis:default'];

        self::assertLessThan(10, $decision->targetWorkers);
        self::assertContains('host_cpu', array_column($decision->constraints(), 'kind'));
    }

    #[Test]
    public function a_bad_row_is_an_error_and_its_queue_keeps_its_workers(): void
    {
        $metrics = Fixture::metrics(self::BACKLOG);
        $workers = ['redis:default' => ['connection' => 'redis', 'queues' => 'default', 'busy' => 3]];
        $engine = self::engine();
        $engine->evaluate($metrics, $workers, null, 1.0);
        $metrics['redis:default']['depth']['pending'] = -1;

        $evaluation = $engine->evaluate($metrics, $workers, null, 6.0);

        self::assertSame(
            ['redis:default.depth.pending: -1 where a whole number of at least 0 was expected'],
            $evaluation->errors(),
        );
        self::assertSame(3, $evaluation->decisions()['redis:default']->targetWorkers);
    }

    #[Test]
    public function whatever_a_row_is_it_harms_no_other(): void
    {
        $metrics = Fixture::metrics(self::BACKLOG);
        $metrics += ['redis:a' => null, 'redis:b' => 'text', 'redis:c' => new stdClass(), 'redis:d' => [], 'redis:e' => [1, 2]];
        $metrics['redis:f'] = ['connection' => 'redis', 'queue' => "\xff", 'depth' => ['pending' => NAN]];
        $metrics[7] = true;

        $evaluation = self::engine()->evaluate($metrics, [], null, 1.0);

        self::assertCount(7, $evaluation->errors());
        self::assertArrayHasKey('redis:default', $evaluation->decisions());
    }

    #[Test]
    public function a_forecast_tells_strategies_what_the_engine_knows(): void
    {
        $engine = self::engine();
        $engine->observe(Fixture::metrics(self::BACKLOG), [], null, 1.0);
        $forecast = $engine->forecasts()['redis:default'];

        self::assertInstanceOf(QueueForecast::class, $forecast);
        self::assertSame('redis:default', $forecast->key());
        self::assertSame(490, $forecast->pending);
        self::assertSame(3, $forecast->reserved);
        self::assertSame(10, $forecast->maxWorkers);
        self::assertTrue($forecast->readable);
        self::assertGreaterThan(13.0, $forecast->arrivalRatePerSecond);
    }

    #[Test]
    public function what_a_strategy_recommends_still_has_to_keep_the_bounds(): void
    {
        $engine = self::engine();
        $engine->observe(Fixture::metrics(self::BACKLOG), [], null, 1.0);
        $evaluation = $engine->decide(['redis:default' => ['workers' => 500, 'reason' => 'sale']]);
        $decision = $evaluation->decisions()['redis:default'];

        self::assertSame([500, 10], [$decision->recommendedWorkers, $decision->targetWorkers]);
        self::assertStringContainsString('sale', $decision->reason);
    }

    /** @return iterable<string, array{callable(ScalingEngine): mixed, string}> */
    public static function wrongArguments(): iterable
    {
        yield 'a pool that is not known' => [
            static fn(ScalingEngine $engine) => $engine->decide(['redis:nope' => ['workers' => 1, 'reason' => '']]),
            '$recommendations: redis:nope: no pool of this turn; use the keys of forecasts()',
        ];
        yield 'workers that are no number' => [
            static fn(ScalingEngine $engine) => $engine->decide(['redis:default' => ['workers' => 'two', 'reason' => '']]),
            '$recommendations: redis:default: ',
        ];
        yield 'no time' => [
            static fn(ScalingEngine $engine) => $engine->observe([], [], null, NAN),
            '$nowSeconds: NaN where a finite number was expected',
        ];
        yield 'workers that are no rows' => [
            static fn(ScalingEngine $engine) => $engine->observe([], ['redis:default' => ['busy' => 'all']], null, 1.0),
            '$workers: redis:default: ',
        ];
    }

    /** @param callable(ScalingEngine): mixed $call */
    #[Test]
    #[DataProvider('wrongArguments')]
    public function an_argument_that_makes_no_sense_is_named(callable $call, string $message): void
    {
        $engine = self::engine();
        $engine->observe(Fixture::metrics(self::BACKLOG), [], null, 1.0);

        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage($message);

        $call($engine);
    }

    #[Test]
    public function an_argument_of_the_wrong_type_is_a_type_error(): void
    {
        $this->expectException(TypeError::class);

        self::engine()->observe([], [], new stdClass(), 1.0);
    }

    #[Test]
    public function an_evaluation_is_made_by_the_engine_alone(): void
    {
        self::assertFalse((new ReflectionClass(Evaluation::class))->isInstantiable());
        self::assertFalse((new ReflectionClass(ScalingDecision::class))->isInstantiable());
        self::assertFalse((new ReflectionClass(QueueForecast::class))->isInstantiable());
    }

    private static function engine(): ScalingEngine
    {
        return new ScalingEngine(Configuration::fromArray([]));
    }
}
