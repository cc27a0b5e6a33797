<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use App\Jobs\SleepJob;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Policies\CapBetween;

final class ConfigurationTest extends FeatureTestCase
{
    public function test_the_published_file_is_valid_as_it_is(): void
    {
        config()->set('queue-autoscale', require __DIR__ . '/../../../php/config/queue-autoscale.php');

        self::assertTrue($this->make()->enabled());
        self::assertSame([], $this->make()->warnings());
    }

    public function test_a_queue_named_without_its_connection_belongs_to_the_applications_default(): void
    {
        config()->set('queue.default', 'redis');
        $this->configure(['queues' => ['emails' => ['max_workers' => 7]]]);

        self::assertSame(7, $this->make()->poolSettings('redis', 'emails')['max_workers']);
        self::assertSame([['connection' => 'redis', 'queues' => 'emails']], $this->make()->pools());
    }

    public function test_a_default_connection_that_fails_over_stands_for_the_one_that_has_the_jobs(): void
    {
        config()->set('queue.connections.spare', ['driver' => 'failover', 'connections' => ['redis', 'database']]);
        config()->set('queue.connections.main', ['driver' => 'failover', 'connections' => ['spare', 'database']]);
        config()->set('queue.default', 'main');
        $this->configure(['queues' => ['emails' => ['max_workers' => 7]], 'excluded' => ['legacy']]);

        self::assertSame([['connection' => 'redis', 'queues' => 'emails']], $this->make()->pools());
        self::assertNull($this->make()->poolOf('redis', 'legacy'));
    }

    public function test_no_worker_is_ever_started_for_a_connection_whose_jobs_need_none(): void
    {
        foreach (['sync', 'deferred', 'background', 'null', 'failover'] as $driver) {
            config()->set("queue.connections.of-{$driver}", ['driver' => $driver, 'connections' => ['redis']]);

            self::assertNull($this->make()->poolOf("of-{$driver}", 'default'), $driver);
        }

        self::assertSame('redis:default', $this->make()->poolOf('redis', 'default'));
    }

    public function test_a_queue_named_on_a_connection_whose_jobs_need_no_worker_is_refused(): void
    {
        config()->set('queue.default', 'sync');
        $this->configure(['queues' => ['emails' => []]]);

        try {
            $this->make();
            self::fail('nothing was refused');
        } catch (CannotStart $refused) {
            self::assertSame(
                ['queue-autoscale.queues.emails: sync:emails cannot be worked: the connection sync (sync) keeps no jobs for workers; name '
                    . 'the connection that has them, as in "redis:emails"'],
                $refused->reasons,
            );
        }
    }

    #[TestWith(['critical', 20])]
    #[TestWith(['bursty', 30])]
    public function test_a_profile_scales_the_queue_of_the_default_connection(string $profile, int $maxWorkers): void
    {
        $this->configure(['queues' => ['emails' => ['profile' => $profile]]]);

        self::assertSame($maxWorkers, $this->make()->poolSettings('database', 'emails')['max_workers']);
    }

    public function test_worker_options_of_a_queue_are_kept(): void
    {
        $this->configure(['queues' => ['emails' => ['workers' => ['timeout' => 7, 'tries' => 9]]]]);

        $ofEmails = $this->make()->poolSettings('database', 'emails')['workers'];
        $ofOthers = $this->make()->poolSettings('database', 'others')['workers'];

        self::assertSame([7, 9], [$ofEmails['timeout'], $ofEmails['tries']]);
        self::assertSame([10, 3], [$ofOthers['timeout'], $ofOthers['tries']]);
    }

    public function test_workers_run_this_applications_artisan_with_this_php(): void
    {
        $workers = $this->make()->poolSettings('database', 'emails')['workers'];

        self::assertSame($this->app->basePath('artisan'), $workers['artisan_path']);
        self::assertSame(realpath(PHP_BINARY), realpath($workers['php_binary']));
    }

    public function test_a_colon_names_a_connection_only_where_there_is_one(): void
    {
        $this->configure(['queues' => ['redis:emails' => [], 'emails:high' => []]]);

        self::assertEqualsCanonicalizing(
            ['redis' => 'emails', 'database' => 'emails:high'],
            array_column($this->make()->pools(), 'queues', 'connection'),
        );
    }

    public function test_all_errors_are_told_at_once_each_with_its_full_key(): void
    {
        $this->configure([
            'queues' => ['emails' => ['min_workers' => 9, 'max_workers' => 2], 'reports' => ['max_wokers' => 3]],
            'defaults' => ['max_pickup_time_seconds' => -1],
            'strategy' => SleepJob::class,
            'policies' => [CapBetween::class, 'NoSuchPolicy'],
            'manager' => ['interval_seconds' => 2, 'log_channel' => 'nowhere'],
        ]);

        $reasons = $this->reasons();

        foreach ([
            'queue-autoscale.queues.emails.min_workers: 9',
            'queue-autoscale.queues.reports.max_wokers',
            'did you mean "max_workers"?',
            'queue-autoscale.defaults.max_pickup_time_seconds: -1',
            'queue-autoscale.strategy: App\Jobs\SleepJob does not implement',
            'queue-autoscale.policies.1: NoSuchPolicy is no class that implements',
            'queue-autoscale.manager.log_channel: "nowhere" is no log channel',
        ] as $expected) {
            self::assertStringContainsString($expected, $reasons);
        }
    }

    public function test_a_strategy_of_one_queue_is_checked_as_well(): void
    {
        $this->configure(['queues' => ['emails' => ['strategy' => 'Nowhere']]]);

        self::assertStringContainsString('queue-autoscale.queues.emails.strategy: Nowhere is no class', $this->reasons());
    }

    private function make(): Configuration
    {
        return $this->app->make(ConfigurationFactory::class)->make();
    }

    private function reasons(): string
    {
        try {
            $this->make();
        } catch (CannotStart $refused) {
            return $refused->getMessage();
        }

        self::fail('The configuration was taken.');
    }
}
