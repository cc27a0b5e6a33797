<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use App\Strategies\FixedNumber;
use App\Strategies\ThrowingStrategy;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Queue;
use Illuminate\Support\Sleep;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Laravel\Policies\CapBetween;
use QueueAutoscale\Laravel\Status\Snapshot;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Tester\CommandCompletionTester;

final class CommandsTest extends FeatureTestCase
{
    public function test_a_dry_run_of_one_turn_shows_what_would_be_done_and_starts_nothing(): void
    {
        $this->enqueue(50, 'emails');

        [$exitCode, $output] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true]);

        self::assertSame(0, $exitCode);
        self::assertMatchesRegularExpression('/would-scale queue=database:emails workers=0->\d+ pending=50/', $output);
        // The application records each change that the manager makes.
        self::assertSame([], $this->records()->of(RecordKind::WorkersScaled));
    }

    public function test_only_leaves_all_other_queues_alone(): void
    {
        $this->enqueue(5, 'emails');
        $this->enqueue(5, 'reports');

        [, $output] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true, '--only' => ['rep*']]);

        self::assertStringContainsString('database:reports', $output);
        self::assertStringNotContainsString('database:emails', $output);
    }

    public function test_a_name_that_selects_nothing_is_told_with_those_that_are_known(): void
    {
        $this->enqueue(5, 'emails');

        [, $output] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true, '--only' => ['emial']]);

        self::assertMatchesRegularExpression('/--only=emial names no known queue, so it selects nothing. Known queues: .*database:emails/', $output);
    }

    #[TestWith(['--interval', '2'])]
    #[TestWith(['--only', 'emails'])]
    #[TestWith(['--record', 'storage/traffic.jsonl'])]
    public function test_an_option_without_its_value_is_refused(string $option, string $example): void
    {
        [$exitCode, $output] = $this->artisan("queue:autoscale --once --dry-run {$option}");

        self::assertSame(1, $exitCode);
        self::assertStringContainsString("{$option} needs a value, for example {$option}={$example}.", $output);
    }

    public function test_json_gives_one_object_a_line(): void
    {
        $this->enqueue(5, 'emails');

        [, $output] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true, '--json' => true]);

        foreach (explode("\n", trim($output)) as $line) {
            self::assertArrayHasKey('event', json_decode($line, associative: true, flags: JSON_THROW_ON_ERROR));
        }
    }

    #[TestWith(['zero'])]
    #[TestWith(['0'])]
    public function test_a_bad_interval_is_refused_under_its_key(string $interval): void
    {
        [$exitCode, $output] = $this->artisan('queue:autoscale', ['--interval' => $interval, '--once' => true]);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('queue-autoscale.manager.interval_seconds', $output);
    }

    public function test_switched_off_it_waits_for_a_restart_and_starts_nothing(): void
    {
        $this->configure(['enabled' => false]);
        $looks = 0;
        Sleep::fake();
        Sleep::whenFakingSleep(function () use (&$looks): void {
            if (++$looks === 3) {
                $this->artisan('queue:autoscale:restart');
            }
        });

        [$exitCode, $output] = $this->artisan('queue:autoscale');
        Sleep::fake(false);

        self::assertSame([0, 3], [$exitCode, $looks]);
        self::assertStringContainsString('queue-autoscale.enabled is false, so no worker is started', $output);
        self::assertStringContainsString('a restart was asked for', $output);
    }

    public function test_switched_off_a_signal_ends_it(): void
    {
        $this->configure(['enabled' => false]);
        Sleep::fake();
        Sleep::whenFakingSleep(static fn() => posix_kill(posix_getpid(), SIGTERM));

        [$exitCode, $output] = $this->artisan('queue:autoscale');
        Sleep::fake(false);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString('a signal', $output);
    }

    public function test_status_without_a_manager_says_how_to_start_one(): void
    {
        [$exitCode, $output] = $this->artisan('queue:autoscale:status');

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('php artisan queue:autoscale', $output);
    }

    public function test_status_shows_what_the_manager_decided_last_and_its_age(): void
    {
        $this->snapshot(secondsAgo: 1.0);

        [$exitCode, $output] = $this->artisan('queue:autoscale:status');

        self::assertSame(0, $exitCode);
        self::assertMatchesRegularExpression('/process 4711 +seen 1\.\d s ago/', $output);
        self::assertMatchesRegularExpression('/redis:emails .* 1 → 4 +at risk/', $output);
    }

    public function test_a_manager_that_is_silent_for_several_turns_counts_as_dead(): void
    {
        $this->snapshot(secondsAgo: 1.0);
        $this->letPass(16);

        [$exitCode, $output] = $this->artisan('queue:autoscale:status');

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('silent for too long', $output);
    }

    public function test_status_is_there_for_programs_as_well(): void
    {
        $this->snapshot(secondsAgo: 1.0);

        [, $output] = $this->artisan('queue:autoscale:status', ['--json' => true]);

        $snapshots = json_decode($output, associative: true, flags: JSON_THROW_ON_ERROR);
        self::assertSame(4, $snapshots[0]['decisions']['redis:emails']['target_workers']);
    }

    #[TestWith(['emails'])]
    #[TestWith(['database:emails'])]
    public function test_explain_works_without_a_manager(string $name): void
    {
        $this->enqueue(50, 'emails');

        [$exitCode, $output] = $this->artisan('queue:autoscale:explain', ['queue' => $name]);

        self::assertSame(0, $exitCode);
        self::assertMatchesRegularExpression('/Waiting +50 jobs/', $output);
        self::assertMatchesRegularExpression('/Backlog drain +\d+\.\d\d/', $output);
        self::assertStringContainsString('no manager runs here', $output);
    }

    public function test_explain_without_a_manager_asks_strategies_and_policies_as_a_manager_would(): void
    {
        Carbon::setTestNow('2026-11-24 12:00');
        $this->configure([
            'queues' => ['emails' => ['strategy' => FixedNumber::class], 'reports' => ['strategy' => ThrowingStrategy::class]],
            'policies' => [['class' => CapBetween::class, 'from' => '00:00', 'until' => '23:00', 'max_workers' => 3]],
        ]);

        [, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'emails']);

        self::assertStringContainsString('seven is a good number', $output);
        self::assertMatchesRegularExpression('/policy +7 → 3/', $output);
        self::assertStringContainsString('The strategy of database:reports failed', $output);
    }

    public function test_explain_and_status_tell_what_reading_cost_and_whose_numbers_were_asked_for_by_name(): void
    {
        Queue::connection('database')->bulk([new SleepJob(0)], '', 'reports');

        [, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'reports']);
        self::assertMatchesRegularExpression(
            '/^The metrics were read in \d+ ms; \d+ known queues without a row, \d+ asked for by name in \d+ ms\.$/m',
            $output,
        );
        self::assertStringContainsString('QueueMetrics has no row of database:reports', $output);

        $this->snapshot(secondsAgo: 1.0);
        [, $output] = $this->artisan('queue:autoscale:status');
        self::assertStringContainsString("Metrics read in 250 ms; 1 known queue without a row, 1 asked for by name in 2 ms\n", $output);
    }

    public function test_explain_takes_the_running_managers_word(): void
    {
        $this->snapshot(secondsAgo: 1.0);

        [, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'redis:emails']);

        self::assertMatchesRegularExpression('/Workers +1 → 4/', $output);
        self::assertStringContainsString('As the running manager decided', $output);
    }

    public function test_explain_of_an_unknown_queue_names_the_known_ones(): void
    {
        $this->enqueue(1, 'emails');

        [$exitCode, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'email']);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('database:emails', $output);
    }

    public function test_explain_where_no_queue_is_known_says_when_one_shows_up(): void
    {
        $this->configure(['queues' => []]);

        [$exitCode, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'emails']);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('No queue is known yet', $output);
    }

    public function test_a_shell_may_complete_the_names_of_queues(): void
    {
        $this->enqueue(1, 'emails');
        $commands = $this->app->make(Kernel::class)->all();

        $ofExplain = new CommandCompletionTester($commands['queue:autoscale:explain']);
        $ofOnly = new CommandCompletionTester($commands['queue:autoscale']);

        self::assertContains('database:emails', $ofExplain->complete(['']));
        self::assertContains('database:emails', $ofOnly->complete(['--only', '']));
    }

    public function test_the_help_of_every_command_names_its_exit_codes(): void
    {
        $commands = array_filter(
            $this->app->make(Kernel::class)->all(),
            static fn(string $name): bool => str_starts_with($name, 'queue:autoscale'),
            ARRAY_FILTER_USE_KEY,
        );
        self::assertCount(7, $commands);

        foreach ($commands as $command) {
            self::assertMatchesRegularExpression('/Exit codes?: 0/', $command->getHelp(), (string) $command->getName());
        }
    }

    public function test_restart_leaves_its_sign_in_the_cache(): void
    {
        [$exitCode] = $this->artisan('queue:autoscale:restart');

        self::assertSame(0, $exitCode);
        self::assertNotNull($this->app->make(Cache::class)->get('queue-autoscale:restart'));
    }

    private function enqueue(int $count, string $queue): void
    {
        for ($number = 0; $number < $count; $number++) {
            (new SleepJob(0))->enqueue($queue);
        }
    }

    private function snapshot(float $secondsAgo): void
    {
        $this->app->make(SnapshotStore::class)->put(new Snapshot(
            host: (string) gethostname(),
            pid: 4711,
            takenAt: microtime(true) - $secondsAgo,
            secondsBetweenTurns: 5.0,
            paused: false,
            fencingNumber: null,
            decisions: ['redis:emails' => Decisions::of(['target_workers' => 4, 'sla_state' => 'at_risk'])],
            reading: ['seconds' => 0.25, 'without_row' => 1, 'asked' => 1, 'asking_seconds' => 0.002, 'asked_for' => ['redis:late']],
        ));
    }
}
