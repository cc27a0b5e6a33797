<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use Closure;
use Illuminate\Support\Facades\Cache;
use PHPUnit\Framework\Attributes\TestWith;
use Psr\Log\NullLogger;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterSettings;
use QueueAutoscale\Laravel\Cluster\ClusterTurns;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Config\QueueSelection;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\KnownQueues\KnownQueuesFactory;
use QueueAutoscale\Laravel\Manager\CyclePace;
use QueueAutoscale\Laravel\Manager\Decider;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\WorkerScaler;
use QueueAutoscale\Laravel\Policies\PolicyExecutor;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\Tests\Support\Wait;
use QueueAutoscale\Tests\Unit\Fixture;
use RuntimeException;

/** Managers among several, look by look, in one process: two of them meet in a real store. */
final class ClusterTurnsTest extends StoreTestCase
{
    private const PATIENCE_SECONDS = 20.0;

    /** @var list<string> */
    private array $problems = [];

    private bool $metricsCanBeRead = true;

    /** @var array<string, array<string, mixed>> */
    private array $metrics = [];

    private float $secondsToReadMetrics = 0.0;

    protected function setUp(): void
    {
        parent::setUp();
        $this->cache('file');
        $this->configure([
            'queues' => ['steady' => ['min_workers' => 4, 'max_workers' => 4]],
            'limits' => ['max_cpu_percent' => 1_000, 'max_memory_percent' => 100],
            'cluster' => ['enabled' => true, 'store' => 'file'],
        ]);
    }

    public function test_one_decides_and_each_carries_out_its_share(): void
    {
        [$first, $second] = [$this->backend(), $this->backend()];
        [$a, $b] = [$this->host('a', $first), $this->host('b', $second)];

        $turn = $a->take();
        self::assertTrue($turn?->place?->leads());
        self::assertSame(['database:steady' => 4], $first->targets);
        self::assertSame('a', $b->take()?->place?->leader);
        self::assertSame([], $second->targets, 'nobody knows of it yet');

        // A host that joins is a reason to decide.
        $turn = $a->take();
        self::assertSame(4, $turn?->decisions['database:steady']->targetWorkers);
        $turn = $b->take();
        self::assertSame(4, $first->targets['database:steady'] + $second->targets['database:steady']);
        self::assertGreaterThan(0, $second->targets['database:steady']);
        self::assertSame([], $turn?->decisions, 'it decides nothing');
        self::assertSame('its share of what a decided', $turn->reasonFor('database:steady'));
        self::assertSame([], $this->problems);
    }

    public function test_who_leaves_gives_the_lead_away_and_its_workers_are_started_elsewhere(): void
    {
        $second = $this->backend();
        [$a, $b] = [$this->host('a', $this->backend()), $this->host('b', $second)];
        $a->take();
        $b->take();
        $a->take();
        $b->take();

        $a->leave();
        $turn = $b->take();
        self::assertTrue($turn?->place?->leads());
        self::assertSame(2, $turn->place->fencingNumber);
        self::assertSame(['database:steady' => 4], $second->targets);
    }

    public function test_a_paused_host_changes_nothing(): void
    {
        [$first, $second] = [$this->backend(), $this->backend(isPaused: true)];
        [$a, $b] = [$this->host('a', $first), $this->host('b', $second)];

        foreach ([$a, $b, $a, $b] as $host) {
            $host->take();
        }

        self::assertSame([], $second->targets);
        self::assertSame(['database:steady' => 4], $first->targets);
    }

    public function test_a_host_that_cannot_read_the_metrics_is_there_all_the_same(): void
    {
        $this->metricsCanBeRead = false;
        $a = $this->host('a', $this->backend());

        try {
            $a->take();
            self::fail('It was read.');
        } catch (MetricsUnavailable) {
        }

        self::assertNotNull(self::storeOf(Cache::store('file'))->reports(['a'])['a']);
    }

    #[TestWith([490, false])]
    #[TestWith([1, true])]
    public function test_workers_may_leave_for_want_of_a_job_unless_more_wait_than_workers_take(int $pending, bool $mayLeave): void
    {
        $this->metrics = Fixture::metrics('04-backlog-3-workers-70s');
        $this->metrics['redis:default']['depth'] = ['pending' => $pending, 'total' => $pending, 'reserved' => 0]
            + $this->metrics['redis:default']['depth'];
        $this->metrics['redis:default']['performance_60s']['throughput_per_minute'] = 1.0;

        $decision = $this->host('a', $this->backend())->take()?->decisions['redis:default'];
        $share = self::storeOf(Cache::store('file'))->shares(['a'])['a'];
        $rows = array_column($share->workers ?? [], null, 1);

        self::assertLessThan($decision?->targetWorkers, $decision?->idleFloorWorkers);
        self::assertSame($mayLeave ? $decision->idleFloorWorkers : $decision->targetWorkers, $rows['default'][3]);
    }

    public function test_a_leader_whose_metrics_take_long_tells_no_turn_between_its_decisions(): void
    {
        $this->configure(['manager.interval_seconds' => 0.1]);
        $this->secondsToReadMetrics = 0.1;
        $a = $this->host('a', $this->backend());
        $turns = [];

        Wait::until(function () use ($a, &$turns): bool {
            $turns = [...$turns, ...array_filter([$a->take()])];

            return count($turns) === 3;
        }, self::PATIENCE_SECONDS, 'three turns');

        foreach ($turns as $turn) {
            self::assertArrayHasKey('database:steady', $turn->decisions);
            self::assertGreaterThanOrEqual(0.5, $turn->secondsToNextTurn, 'reading takes a fifth of it');
        }
    }

    public function test_a_leader_that_is_paused_tells_its_own_fencing_number(): void
    {
        self::assertSame(1, $this->host('a', $this->backend(isPaused: true))->take()?->place?->fencingNumber);
    }

    public function test_two_hosts_of_one_name_are_told(): void
    {
        $this->configure(['manager.interval_seconds' => 0.1]);
        [$one, $other] = [$this->host('a', $this->backend()), $this->host('a', $this->backend())];

        // It is looked at once a turn.
        Wait::until(function () use ($one, $other): bool {
            $one->take();
            $other->take();

            return $this->problems !== [];
        }, self::PATIENCE_SECONDS, 'the other one to be noticed');

        self::assertStringContainsString('Another manager calls itself a as well', $this->problems[0]);
    }

    private function host(string $name, WorkerBackend $backend): ClusterTurns
    {
        $this->configure(['cluster.host' => $name]);
        $configuration = $this->app->make(ConfigurationFactory::class)->make();
        $problems = new Problems(new NullLogger());
        $problems->listen(function (string $message): void {
            $this->problems[] = $message;
        });
        $metrics = $this->metricsSource(function (): ?array {
            usleep((int) (1e6 * $this->secondsToReadMetrics));

            return $this->metricsCanBeRead ? $this->metrics : null;
        });

        return $this->app->make(ClusterFactory::class)->make(
            ClusterSettings::of($configuration),
            $configuration,
            fn(): Decider => new Decider(
                new ScalingEngine($configuration),
                $metrics,
                $this->app->make(KnownQueuesFactory::class)->make($configuration, remembers: true),
                new StrategyExecutor($configuration, $this->app, $problems),
                new PolicyExecutor([], $problems),
                QueueSelection::all(),
                new CyclePace($configuration->intervalSeconds()),
                $problems,
            ),
            $backend,
            new WorkerScaler($backend, $problems),
            $problems,
        );
    }

    /** @param Closure(): ?array<string, array<string, mixed>> $read null where they cannot be read */
    private function metricsSource(Closure $read): MetricsSource
    {
        return new class ($read) implements MetricsSource {
            public function __construct(private readonly Closure $read)
            {
            }

            public function read(): array
            {
                return ($this->read)() ?? throw MetricsUnavailable::because(new RuntimeException('no Redis'));
            }
        };
    }

    /** One that has what it was told, at once. */
    private function backend(bool $isPaused = false): WorkerBackend
    {
        return new class ($isPaused) implements WorkerBackend {
            /** @var array<string, int> */
            public array $targets = [];

            public function __construct(private readonly bool $isPaused)
            {
            }

            public function pools(): array
            {
                $rows = [];

                foreach ($this->targets as $pool => $workers) {
                    [$connection, $queues] = explode(':', $pool);
                    $rows[$pool] = ['connection' => $connection, 'queues' => $queues, 'idle' => $workers];
                }

                return $rows;
            }

            public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
            {
                $before = $this->targets["{$connection}:{$queues}"] ?? 0;
                $this->targets["{$connection}:{$queues}"] = $targetWorkers;

                return new ScaleOutcome(max(0, $targetWorkers - $before), max(0, $before - $targetWorkers));
            }

            public function carryOut(ScalingDecision $decision): ScaleOutcome
            {
                return $this->scale($decision->connection, $decision->queues, $decision->targetWorkers);
            }

            public function supervise(float $seconds): array
            {
                return [];
            }

            public function stopRequested(): bool
            {
                return false;
            }

            public function paused(): bool
            {
                return $this->isPaused;
            }

            public function capacity(): ?HostCapacity
            {
                return new HostCapacity(8.0, 1.0, 16 * 1024 ** 3, 1024 ** 3);
            }

            public function tellOutput(bool $tells): void
            {
            }

            public function workersThatEndWithManager(): int
            {
                return array_sum($this->targets);
            }

            public function shutdown(): array
            {
                return [];
            }
        };
    }
}
