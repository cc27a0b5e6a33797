<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Closure;
use Illuminate\Support\Facades\Exceptions;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Events\ManagerStopped;
use QueueAutoscale\Laravel\Events\WorkersScaled;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Tests\Support\MetricsRow;
use RuntimeException;

/** Runs the manager inside the test's process, with real workers; a restart ends it. */
final class ManagerTest extends FeatureTestCase
{
    /** A manager that does not do what a test waits for is ended after so many looks at the metrics. */
    private const MOST_TURNS = 200;

    protected function setUp(): void
    {
        parent::setUp();

        // Workers must see the same files, and what this process knows of them is not in its environment.
        $this->configure([
            'workers.environment' => $this->environment(),
            'queues' => ['emails' => ['max_workers' => 2]],
        ]);
    }

    public function test_it_takes_turns_until_a_restart_is_asked_for(): void
    {
        for ($number = 0; $number < 6; $number++) {
            (new SleepJob(0.1))->enqueue('emails');
        }

        $heard = [];
        $this->app->make('events')->listen([WorkersScaled::class, ManagerStopped::class], static function (object $event) use (&$heard): void {
            $heard[] = $event::class;
        });

        [$exitCode, $output] = $this->runUntil(fn(): bool => count($this->records()->of(RecordKind::JobFinished)) === 6);

        self::assertSame(0, $exitCode, $output);
        self::assertContains(WorkersScaled::class, $heard);
        self::assertSame(ManagerStopped::class, end($heard));
        self::assertStringContainsString('a restart was asked for', $output);
        self::assertStringContainsString('database:emails: 0 →', $this->log());
        // Nothing is left of it, neither workers nor its status.
        self::assertSame(1, $this->artisan('queue:autoscale:status')[0]);
    }

    public function test_the_slower_the_metrics_the_rarer_the_turns(): void
    {
        $readings = [];

        $this->runUntil(
            static function () use (&$readings): bool {
                return count($readings) >= 2;
            },
            static function () use (&$readings): array {
                $readings[] = hrtime(true) / 1e9;
                usleep(100_000);

                return [];
            },
        );

        // Reading may take a fifth of the time: 0.1 s of 0.5 s, although the interval is 0.2 s.
        self::assertGreaterThan(0.49, $readings[1] - $readings[0]);
    }

    public function test_metrics_that_fail_are_reported_once_and_read_again(): void
    {
        $turn = 0;

        [, $output] = $this->runUntil(
            static function () use (&$turn): bool {
                return ++$turn > 4;
            },
            static function () use (&$turn): array {
                return $turn < 3 ? throw new RuntimeException('no Redis') : [];
            },
        );

        self::assertSame(1, substr_count($output, 'QueueMetrics cannot be read (no Redis); the workers stay as they are.'));
        self::assertStringContainsString('No longer: turn.', $this->log());
    }

    public function test_while_no_cycle_succeeds_the_status_says_what_is_wrong_and_the_application_hears_of_the_cause(): void
    {
        $handler = Exceptions::fake();
        $cycle = 0;
        $status = '';

        $this->runUntil(
            function () use (&$cycle, &$status): bool {
                if (++$cycle === 3) {
                    [, $status] = $this->artisan('queue:autoscale:status');
                }

                return $cycle > 3;
            },
            static fn(): array => throw new RuntimeException('no Redis'),
        );

        self::assertMatchesRegularExpression('/for 0\.\d s  QueueMetrics cannot be read \(no Redis\)/', $status);
        $handler->assertReported(static fn(RuntimeException $thrown): bool => $thrown->getMessage() === 'no Redis');
    }

    public function test_a_bad_row_is_reported_once_and_the_other_queues_go_on(): void
    {
        $bad = MetricsRow::of('broken');
        $bad['redis:broken']['depth']['pending'] = -5;
        $turn = 0;

        [, $output] = $this->runUntil(
            static function () use (&$turn): bool {
                return ++$turn > 3;
            },
            static fn(): array => $bad + MetricsRow::of('reports', pending: 1, oldestAgeSeconds: 1.0, connection: 'database'),
        );

        self::assertSame(1, substr_count($output, 'problem message='), $output);
        self::assertStringContainsString('redis:broken', $output);
        self::assertStringContainsString('queue=database:reports workers=0->1', $output);
    }

    /**
     * @param Closure(): bool $isEnough is asked once a turn
     * @param ?Closure(): array<string, mixed> $metrics in place of QueueMetrics
     * @return array{int, string} exit code and output
     */
    private function runUntil(Closure $isEnough, ?Closure $metrics = null): array
    {
        $restart = fn() => $this->artisan('queue:autoscale:restart');
        $metrics ??= static fn(): array => QueueMetrics::getAllQueuesWithMetrics();

        $this->app->instance(MetricsSource::class, new class ($isEnough, $restart, $metrics, self::MOST_TURNS) implements MetricsSource {
            public function __construct(
                private readonly Closure $isEnough,
                private readonly Closure $restart,
                private readonly Closure $metrics,
                private int $turnsLeft,
            ) {
            }

            public function read(): array
            {
                if (($this->isEnough)() || --$this->turnsLeft === 0) {
                    ($this->restart)();
                }

                try {
                    return ($this->metrics)();
                } catch (RuntimeException $cause) {
                    throw MetricsUnavailable::because($cause);
                }
            }
        });

        return $this->artisan('queue:autoscale', ['--interval' => '0.2']);
    }

    private function log(): string
    {
        return (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
    }
}
