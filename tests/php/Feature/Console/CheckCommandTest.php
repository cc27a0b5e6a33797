<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use App\Jobs\SleepJob;
use Illuminate\Console\Events\CommandFinished;
use Illuminate\Support\Facades\Queue;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use Symfony\Component\Console\Input\ArrayInput;
use Symfony\Component\Console\Output\NullOutput;

final class CheckCommandTest extends FeatureTestCase
{
    public function test_where_all_is_well_nothing_fails(): void
    {
        config()->set('cache.default', 'file');
        $this->cleanUp();

        [$exitCode, $output] = $this->artisan('queue:autoscale:check');

        self::assertSame(0, $exitCode);
        self::assertStringNotContainsString('failed', $output);
        self::assertStringNotContainsString('warning', $output);
    }

    public function test_a_bad_configuration_fails_with_its_key(): void
    {
        $this->configure(['defaults' => ['percentile' => 200]]);

        $this->assertLine('/^failed +Configuration +queue-autoscale\.defaults\.percentile: 200/m', exitCode: 1);
    }

    public function test_what_hangs_on_the_configuration_is_not_judged_while_that_is_wrong(): void
    {
        config()->set('horizon', []);
        $this->configure(['defaults' => ['percentile' => 200]]);

        [, $output] = $this->artisan('queue:autoscale:check');

        foreach (['Worker command', 'Timeouts', 'SLA', 'Kubernetes', 'Horizon'] as $check) {
            self::assertMatchesRegularExpression("/^warning +{$check} +not looked at, as the configuration is not valid/m", $output);
        }
    }

    public function test_a_manager_that_is_switched_off_is_warned_of(): void
    {
        $this->configure(['enabled' => false]);

        $this->assertLine('/^warning +Configuration +queue-autoscale\.enabled is false/m', 0);
    }

    public function test_metrics_that_cannot_be_read_fail(): void
    {
        config()->set(['queue-metrics.storage.connection' => 'nowhere', 'queue-metrics.stand_in.needs_redis' => true]);

        $this->assertLine('/^failed +QueueMetrics +QueueMetrics cannot be read/m', exitCode: 1);
    }

    public function test_metrics_that_are_switched_off_do_not_pass_for_a_system_without_queues(): void
    {
        foreach (['enabled' => 'QUEUE_METRICS_ENABLED', 'persistence.enabled' => 'QUEUE_METRICS_PERSISTENCE'] as $key => $variable) {
            config()->set("queue-metrics.{$key}", false);
            $this->assertLine("/^warning +QueueMetrics +queue-metrics\\.{$key} is false, .* Set {$variable} to true\\.$/m", exitCode: 0);
            config()->set("queue-metrics.{$key}", true);
        }
    }

    public function test_a_redis_that_does_not_answer_fails_with_its_host_and_port(): void
    {
        config()->set('database.redis.away', ['host' => '127.0.0.1', 'port' => 1, 'database' => 0, 'timeout' => 1]);
        config()->set(['queue-metrics.storage.connection' => 'away', 'queue-metrics.stand_in.needs_redis' => true]);

        $this->assertLine(
            '/^failed +QueueMetrics +QueueMetrics cannot be read .* Redis at 127\.0\.0\.1:1, .*start it, or correct the connection away/m',
            exitCode: 1,
        );
    }

    public function test_records_in_a_database_are_named_as_the_cause_of_a_reading_that_fails(): void
    {
        config()->set(['queue-metrics.storage.connection' => 'nowhere', 'queue-metrics.stand_in.needs_redis' => true]);
        config()->set('queue-metrics.storage.driver', 'database');

        $this->assertLine('/^failed +QueueMetrics .*the driver database, from which it cannot read queues: set QUEUE_METRICS_STORAGE to redis/m', 1);
    }

    public function test_a_clean_up_that_does_not_run_is_warned_of(): void
    {
        $this->assertLine('/^warning +Clean-up +queue-metrics:cleanup-stale-workers was not seen to run, .*schedule:run/m', 0);

        $this->cleanUp();
        $this->assertLine('/^ok +Clean-up /m', 0);

        $this->letPass(600);
        $this->assertLine('/^warning +Clean-up +queue-metrics:cleanup-stale-workers ran last 10 min ago, /m', 0);

        config()->set('queue-metrics.scheduling.enabled', false);
        $this->assertLine('/^warning +Clean-up .*queue-metrics\.scheduling\.enabled is false; set it to true/m', 0);
    }

    public function test_queues_that_queue_metrics_has_no_row_of_are_asked_for(): void
    {
        Queue::connection('database')->bulk([new SleepJob(0)], '', 'reports');

        $this->assertLine('/^ok +Known queues +\d+ without a row of QueueMetrics, asked for in \d+ ms, jobs are in database:reports;/m', 0);
    }

    public function test_a_php_that_does_not_run_fails_with_the_key_that_names_it(): void
    {
        $this->configure(['workers' => ['php_binary' => '/no/such/php']]);

        $this->assertLine('/^failed +Worker command +\/no\/such\/php does not run; set queue-autoscale\.workers\.php_binary/m', 1);
    }

    public function test_an_artisan_that_is_not_there_fails(): void
    {
        $this->configure(['workers' => ['artisan_path' => '/no/such/artisan']]);

        $this->assertLine('/^failed +Worker command +There is no \/no\/such\/artisan/m', 1);
    }

    public function test_a_timeout_beyond_retry_after_is_warned_of(): void
    {
        $this->configure(['queues' => ['emails' => ['workers' => ['timeout' => 90]]]]);

        $this->assertLine('/^warning +Timeouts +Jobs of database:emails may run for 90 s .* after 90 s/m', 0);
    }

    public function test_timeouts_of_wildcards_and_of_queues_that_turned_up_are_looked_at(): void
    {
        (new SleepJob(0))->enqueue('turned-up');
        $this->configure(['queues' => ['tenant-*' => ['workers' => ['timeout' => 600]]], 'workers.timeout' => 120]);

        $this->assertLine('/^warning +Timeouts +Jobs of .*database:turned-up.* may run for 120 s/m', 0);
        $this->assertLine('/^warning +Timeouts +Jobs of database:tenant-\* may run for 600 s/m', 0);
    }

    public function test_sqlite_on_which_several_workers_would_fail_is_warned_of(): void
    {
        $this->assertLine('/^ok +SQLite +sqlite lets several workers at its jobs$/m', 0);

        config()->set('database.connections.plain', ['driver' => 'sqlite', 'database' => "{$this->folder->path}/plain.sqlite", 'prefix' => '']);
        touch("{$this->folder->path}/plain.sqlite");
        config()->set('queue.connections.database.connection', 'plain');

        $this->assertLine('/^warning +SQLite +database\.connections\.plain\.journal_mode: set it to \'wal\'/m', 0);
        $this->assertLine('/^warning +SQLite +database\.connections\.plain\.transaction_mode: set it to \'IMMEDIATE\'/m', 0);
    }

    public function test_every_error_is_a_line_and_json_has_them_all(): void
    {
        $this->configure(['queues' => ['emails' => ['min_workers' => 9, 'max_workers' => 2], 'reports' => ['max_wokers' => 3]]]);

        $line = 'failed +Configuration +queue-autoscale\.queues\.';
        $this->assertLine("/^{$line}emails\.min_workers.*\n{$line}reports/m", 1);

        [$exitCode, $output] = $this->artisan('queue:autoscale:check', ['--json' => true]);
        $results = array_column((array) json_decode($output, associative: true), null, 'name');
        self::assertSame(1, $exitCode);
        self::assertSame('failed', $results['Configuration']['status']);
        self::assertCount(2, $results['Configuration']['messages']);
        self::assertSame('ok', $results['Host']['status']);
    }

    public function test_a_php_that_prints_before_the_script_is_no_missing_extension(): void
    {
        $php = "{$this->folder->path}/php";
        file_put_contents($php, "#!/bin/sh\necho 'Warning: Module imagick is already loaded'\nexec " . PHP_BINARY . " \"\$@\"\n");
        chmod($php, 0o755);
        $this->configure(['workers.php_binary' => $php]);

        $this->assertLine('/^ok +Worker command/m', 0);
    }

    public function test_pcntl_functions_that_php_ini_switched_off_fail(): void
    {
        $php = "{$this->folder->path}/php";
        file_put_contents($php, "#!/bin/sh\nexec " . PHP_BINARY . " -d disable_functions=pcntl_alarm,pcntl_signal \"\$@\"\n");
        chmod($php, 0o755);
        $this->configure(['workers.php_binary' => $php]);

        $this->assertLine('/^failed +Worker command +.* has no pcntl_signal, pcntl_alarm, without which/m', 1);
    }

    public function test_a_promise_that_no_first_worker_can_keep_is_warned_of(): void
    {
        $this->configure(['queues' => ['emails' => ['max_pickup_time_seconds' => 5]], 'manager.interval_seconds' => 5]);
        $this->assertLine('/^warning +SLA +The SLA of database:emails is 5 s, but .* up to 6\.5\d? s may pass: set min_workers/m', 0);

        $this->configure(['queues' => ['emails' => ['max_pickup_time_seconds' => 5, 'min_workers' => 1]]]);
        $this->assertLine('/^ok +SLA/m', 0);
    }

    public function test_many_queues_do_not_fill_the_screen(): void
    {
        $queues = array_map(static fn(int $number): string => "tenant-{$number}", range(1, 100));
        $this->configure(['queues' => array_fill_keys($queues, [])]);

        $this->assertLine('/^ok +Configuration +names (database:tenant-\d+, ){9}database:tenant-\d+ and 90 more$/m', 0);
    }

    public function test_a_cache_that_no_other_process_sees_is_warned_of(): void
    {
        $this->assertLine('/^warning +Cache +The store array is not shared/m', 0);
    }

    public function test_horizon_on_the_same_queues_is_warned_of(): void
    {
        config()->set('horizon', [
            'defaults' => ['supervisor-1' => ['connection' => 'redis', 'queue' => ['emails', 'reports']]],
            'environments' => ['production' => ['supervisor-1' => ['maxProcesses' => 10]]],
        ]);

        $this->assertLine('/^warning +Horizon +Horizon works redis:emails, redis:reports as well/m', 0);

        $this->configure(['excluded' => ['redis:*']]);
        $this->assertLine('/^ok +Horizon +is installed and works other queues/m', 0);
    }

    /** As the schedule does, in a process of its own. */
    private function cleanUp(): void
    {
        event(new CommandFinished('queue-metrics:cleanup-stale-workers', new ArrayInput([]), new NullOutput(), 0));
    }

    private function assertLine(string $pattern, int $exitCode): void
    {
        [$actualExitCode, $output] = $this->artisan('queue:autoscale:check');

        self::assertMatchesRegularExpression($pattern, $output);
        self::assertSame($exitCode, $actualExitCode, $output);
    }
}
