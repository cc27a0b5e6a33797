<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Backends;

use App\Backends\ListedWorkers;
use App\Jobs\SleepJob;
use Psr\Log\NullLogger;
use QueueAutoscale\Laravel\Backends\BackendFactory;
use QueueAutoscale\Laravel\Backends\LocalBackend;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class BackendTest extends FeatureTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        ListedWorkers::$list = [];
    }

    public function test_processes_of_this_host_are_the_default(): void
    {
        $configuration = $this->app->make(ConfigurationFactory::class)->make();

        self::assertInstanceOf(LocalBackend::class, $this->app->make(BackendFactory::class)->make($configuration, new Problems(new NullLogger())));
    }

    public function test_the_manager_scales_a_back_end_of_the_users_own(): void
    {
        $this->configure([
            'backend' => ListedWorkers::class,
            'queues' => ['emails' => ['min_workers' => 3], 'reports' => ['min_workers' => 1, 'max_workers' => 2]],
        ]);
        ListedWorkers::$list['database:reports'] = ['connection' => 'database', 'queues' => 'reports', 'idle' => 5];

        [$exitCode, $output] = $this->artisan('queue:autoscale', ['--once' => true]);

        self::assertSame(0, $exitCode, $output);
        self::assertSame(3, ListedWorkers::$list['database:emails']['idle']);
        // Its own row goes before anything else, so the manager knew of the five.
        self::assertSame(2, ListedWorkers::$list['database:reports']['idle']);
        self::assertStringContainsString('queue=database:reports workers=5->2', $output);
    }

    public function test_what_is_left_to_others_counts_as_done(): void
    {
        $this->configure(['backend' => 'external', 'queues' => ['emails' => ['min_workers' => 3]]]);
        $backend = $this->app->make(BackendFactory::class)->make(
            $this->app->make(ConfigurationFactory::class)->make(),
            new Problems(new NullLogger()),
        );

        self::assertSame([], $backend->pools());
        self::assertEquals(new ScaleOutcome(started: 3, stopped: 0), $backend->scale('database', 'emails', 3));
        self::assertEquals(new ScaleOutcome(started: 0, stopped: 1), $backend->scale('database', 'emails', 2));
        self::assertSame(2, $backend->pools()['database:emails']['unknown']);
    }

    public function test_a_dry_run_scales_nothing(): void
    {
        $this->configure(['backend' => ListedWorkers::class, 'queues' => ['emails' => ['min_workers' => 3]]]);

        $this->artisan('queue:autoscale', ['--once' => true, '--dry-run' => true]);

        self::assertSame([], ListedWorkers::$list);
    }

    public function test_a_back_end_that_is_none_is_told_with_its_key(): void
    {
        $wrong = ['kubernets' => 'did you mean "kubernetes"?', SleepJob::class => 'does not implement', 'No\Where' => 'is no class'];

        foreach ($wrong as $backend => $told) {
            $this->configure(['backend' => $backend]);

            try {
                $this->app->make(ConfigurationFactory::class)->make();
                self::fail("{$backend} was taken.");
            } catch (CannotStart $refused) {
                self::assertStringContainsString('queue-autoscale.backend: ', $refused->getMessage());
                self::assertStringContainsString($told, $refused->getMessage());
            }
        }
    }
}
