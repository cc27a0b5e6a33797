<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use App\Jobs\SleepJob;
use App\Strategies\FixedNumber;
use App\Strategies\ThrowingStrategy;

final class StrategiesTest extends FeatureTestCase
{
    public function test_a_queues_own_strategy_decides_and_bounds_hold_after_it(): void
    {
        $this->configure(['queues' => [
            'emails' => ['strategy' => FixedNumber::class, 'max_workers' => 50],
            'reports' => ['strategy' => FixedNumber::class, 'max_workers' => 3],
        ]]);

        $output = $this->dryRun();

        self::assertStringContainsString('queue=database:emails workers=0->7', $output);
        self::assertStringContainsString('queue=database:reports workers=0->3', $output);
        self::assertStringContainsString('seven is a good number', $output);
    }

    public function test_a_strategy_for_all_queues_decides_for_each_of_them(): void
    {
        $this->configure(['strategy' => FixedNumber::class, 'queues' => []]);

        $output = $this->dryRun();

        self::assertStringContainsString('queue=database:emails workers=0->7', $output);
        self::assertStringContainsString('queue=database:reports workers=0->7', $output);
    }

    public function test_where_a_strategy_throws_the_built_in_one_decides(): void
    {
        $this->configure(['queues' => ['emails' => ['strategy' => ThrowingStrategy::class]]]);

        $output = $this->dryRun();

        self::assertMatchesRegularExpression('/problem message="The strategy of database:emails failed.*: it is broken"/', $output);
        self::assertMatchesRegularExpression('/queue=database:emails workers=0->[1-9]/', $output);
    }

    private function dryRun(): string
    {
        foreach (['emails', 'reports'] as $queue) {
            (new SleepJob(0))->enqueue($queue);
        }

        [$exitCode, $output] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true]);
        self::assertSame(0, $exitCode, $output);

        return $output;
    }
}
