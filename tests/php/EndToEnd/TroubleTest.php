<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Policies\ThrowingPolicy;
use Cbox\LaravelQueueMetrics\StandInStore;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Filesystem\Filesystem;
use PDO;
use QueueAutoscale\Tests\Support\Artisan;

final class TroubleTest extends EndToEndTestCase
{
    public function test_a_bad_configuration_ends_it_before_a_worker_starts(): void
    {
        $manager = $this->startManager([
            'queues' => ['emails' => ['min_workers' => 5, 'max_workers' => 2], 'reports' => ['max_worker' => 3]],
            'strategy' => SleepJob::class,
        ]);

        self::assertSame(1, $manager->exitCode());
        $output = $this->unwrapped($manager->output());
        self::assertStringContainsString('queue-autoscale.queues.emails.min_workers', $output);
        self::assertStringContainsString('queue-autoscale.queues.reports.max_worker', $output);
        self::assertStringContainsString('max_workers', $output);
        self::assertStringContainsString('queue-autoscale.strategy', $output);
        self::assertSame([], $this->workers());
    }

    public function test_without_the_extension_one_sentence_says_what_to_do(): void
    {
        $manager = $this->startManager(environment: $this->withoutExtension());

        self::assertSame(1, $manager->exitCode());
        self::assertStringContainsString(
            'run php artisan queue:autoscale:install',
            $this->unwrapped($manager->output()),
        );
    }

    public function test_without_extension_and_ffi_every_command_says_what_to_do(): void
    {
        file_put_contents("{$this->folder->path}/ffi.ini", 'ffi.enable = false');
        $environment = $this->withoutExtension($this->folder->path);
        $needs = ['queue:autoscale:explain' => ['emails'], 'queue:autoscale:simulate' => ['steady']];
        // The one leaves a note for managers, wherever they run; the other brings what is missing.
        $commands = array_diff($this->commands(), ['queue:autoscale:restart', 'queue:autoscale:install']);
        self::assertContains('queue:autoscale:check', $commands);

        foreach ($commands as $command) {
            $process = Artisan::start([$command, ...$needs[$command] ?? []], $this->folder, $environment);

            self::assertSame(1, $process->exitCode(), $command);
            self::assertMatchesRegularExpression(
                '/queue_autoscale is not loaded.*FFI is switched off; set "ffi\.enable = true"/',
                $this->unwrapped($process->output()),
                $command,
            );
        }
    }

    public function test_without_queue_metrics_one_sentence_says_what_to_do(): void
    {
        $manager = $this->startManager(environment: [
            'WITHOUT_STAND_INS' => '1',
            'APP_PACKAGES_CACHE' => "{$this->folder->path}/packages.php",
            'APP_SERVICES_CACHE' => "{$this->folder->path}/services.php",
        ]);

        self::assertSame(1, $manager->exitCode());
        self::assertStringContainsString(
            'The package cboxdk/laravel-queue-metrics is not installed',
            $this->unwrapped($manager->output()),
        );
    }

    public function test_a_policy_that_throws_is_logged_and_scaling_goes_on(): void
    {
        $manager = $this->startManager(['policies' => [ThrowingPolicy::class]]);
        $this->enqueue(10, 'emails', static fn(): SleepJob => new SleepJob(0.2));

        $this->waitUntilAllJobsAreDone($manager);

        self::assertStringContainsString(ThrowingPolicy::class . '::before failed for database:emails and was skipped', $this->log());
        self::assertStringContainsString(ThrowingPolicy::class . '::after failed for database:emails and was skipped', $this->log());
    }

    public function test_metrics_that_cannot_be_read_take_no_worker_away(): void
    {
        if (! class_exists(StandInStore::class)) {
            self::markTestSkipped('Only the stand-in can be broken while all else works; RedisOutageTest breaks the real package.');
        }

        $manager = $this->startManager(['queues' => ['emails' => ['min_workers' => 2]]]);
        $this->waitUntil(fn(): bool => count($this->workers()) === 2, 'two workers', $manager);
        $workers = $this->workers();

        $metrics = new PDO("sqlite:{$this->folder->path}/queue-metrics.sqlite");
        // A worker's first sign of life makes the tables that are missing.
        $seen = static fn(): int => (int) $metrics->query('SELECT COUNT(*) FROM workers')->fetchColumn();
        $this->waitUntil(fn(): bool => $seen() === 2, 'a sign of life of each worker', $manager);
        $metrics->exec('DROP TABLE queues');
        $this->waitUntil(fn(): bool => str_contains($manager->output(), 'QueueMetrics cannot be read'), 'the report', $manager);

        self::assertSame($workers, $this->workers());
        self::assertTrue($manager->isRunning());

        $this->enqueue(4, 'emails', static fn(): SleepJob => new SleepJob(0.1));
        $this->waitUntilAllJobsAreDone($manager);
    }

    public function test_a_second_manager_is_refused_with_the_first_ones_process_id(): void
    {
        $first = $this->startManager(['queues' => ['emails' => ['min_workers' => 1]]]);
        $this->waitUntil(fn(): bool => $this->workers() !== [], 'the first worker', $first);

        $second = $this->startManager();

        self::assertSame(1, $second->exitCode());
        self::assertStringContainsString("process {$first->pid()}", $this->unwrapped($second->output()));
    }

    public function test_replace_takes_over_in_order(): void
    {
        $first = $this->startManager(['queues' => ['emails' => ['min_workers' => 1]]]);
        $this->waitUntil(fn(): bool => $this->workers() !== [], 'the first worker', $first);
        $workersOfFirst = $this->workers();

        $second = $this->startManager(['queues' => ['emails' => ['min_workers' => 1]]], ['--replace']);
        self::assertSame(0, $first->exitCode());
        $this->waitUntil(fn(): bool => count($this->workers()) === 1, 'a worker of the second', $second);

        self::assertNotSame($workersOfFirst, $this->workers());
        self::assertTrue($second->isRunning());
    }

    public function test_where_nothing_of_its_own_can_be_written_it_works_all_the_same(): void
    {
        // Files where folders are to be: not even root can write into them.
        foreach (['logs', 'framework'] as $name) {
            (new Filesystem())->deleteDirectory("{$this->folder->path}/{$name}");
            touch("{$this->folder->path}/{$name}");
        }

        $manager = $this->startManager();
        $this->enqueue(3, 'emails', static fn(): SleepJob => new SleepJob(0.0));
        $this->waitUntilAllJobsAreDone($manager);
        $manager->signal(SIGTERM);

        self::assertSame(0, $manager->exitCode(), $manager->output());
        self::assertSame(1, substr_count($manager->output(), 'The log cannot be written'), $manager->output());
        self::assertSame(1, substr_count($manager->output(), 'status in the cache'), $manager->output());
    }

    private function log(): string
    {
        return (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
    }

    /** Long messages are wrapped at the width of the terminal. */
    private function unwrapped(string $output): string
    {
        return (string) preg_replace('/\s+/', ' ', $output);
    }

    /** @return array<string, string> */
    private function withoutExtension(string ...$iniFolders): array
    {
        $folders = array_filter(
            explode(PATH_SEPARATOR, (string) getenv('PHP_INI_SCAN_DIR')),
            static fn(string $folder): bool => basename($folder) !== 'extension',
        );

        return ['PHP_INI_SCAN_DIR' => implode(PATH_SEPARATOR, [...$folders, ...$iniFolders]), 'QUEUE_AUTOSCALE_LIBRARY' => ''];
    }

    /** @return list<string> */
    private function commands(): array
    {
        $names = array_keys($this->app->make(Kernel::class)->all());

        return array_values(array_filter($names, static fn(string $name): bool => str_starts_with($name, 'queue:autoscale')));
    }
}
