<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use PHPUnit\Framework\Attributes\TestWith;
use Psr\Log\NullLogger;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Backends\RemoteBackend;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\Laravel\Cluster\ShareScaler;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\LetsIdleWorkersLeave;
use QueueAutoscale\Laravel\Contracts\RetriesAfterOutage;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\WorkerScaler;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\WorkerSupervisor;

/** What a host makes of its share, look by look; turns last 4 s. */
final class ShareScalerTest extends FeatureTestCase
{
    private const INTERVAL_SECONDS = 4.0;

    private const EMAILS = 'redis:emails';

    private const MAX_WORKERS = 50;

    protected function setUp(): void
    {
        parent::setUp();
        $this->app->instance(Configuration::class, $this->app->make(ConfigurationFactory::class)->make());
    }

    public function test_the_idle_floor_holds_until_the_turn_is_over(): void
    {
        $backend = $this->backend();
        $scaler = $this->scaler($backend);
        $share = new Share(1, 1, [['redis', 'emails', 5, 2]]);

        foreach ([0.0 => 2, 1.0 => 2, 3.0 => 2, 4.0 => null, 5.0 => null] as $now => $floor) {
            $backend->idleFloors = [];
            $scaler->carryOut($share, [], (float) $now);
            self::assertSame($floor, $backend->idleFloors[self::EMAILS] ?? null, "after {$now} s");
        }

        $scaler->carryOut(new Share(1, 2, [['redis', 'emails', 5, 3]]), [self::EMAILS => 5], 5.0);
        self::assertSame([self::EMAILS => 3], $backend->idleFloors);
    }

    public function test_those_who_left_by_themselves_are_not_started_anew(): void
    {
        $backend = $this->backend();
        $scaler = $this->scaler($backend);
        $share = new Share(1, 1, [['redis', 'emails', 5, 2]]);
        $scaler->carryOut($share, [], 0.0);
        self::assertSame([self::EMAILS => 5], $backend->workers);

        $backend->workers[self::EMAILS] = 3;
        $scaler->carryOut($share, [], 1.0);
        self::assertSame([self::EMAILS => 3], $backend->workers);

        // Also not for somebody who decided before it was told of them.
        $scaler->carryOut(new Share(1, 2, [['redis', 'emails', 5, 2]]), [self::EMAILS => 5], 4.0);
        self::assertSame([self::EMAILS => 3], $backend->workers);

        // Somebody who knew wants more.
        $scaler->carryOut(new Share(1, 3, [['redis', 'emails', 5, 2]]), [self::EMAILS => 3], 8.0);
        self::assertSame([self::EMAILS => 5], $backend->workers);

        // Those beyond the floor only.
        $backend->workers[self::EMAILS] = 0;
        $scaler->carryOut(new Share(1, 4, [['redis', 'emails', 5, 2]]), [self::EMAILS => 5], 12.0);
        self::assertSame([self::EMAILS => 2], $backend->workers);
    }

    public function test_a_share_without_a_floor_is_kept_whole(): void
    {
        $backend = $this->backend();
        $scaler = $this->scaler($backend);
        // As a host with an earlier release gives it.
        $share = new Share(1, 1, [['redis', 'emails', 5]]);

        foreach ([0.0, 1.0] as $now) {
            $scaler->carryOut($share, [], $now);
            self::assertSame([self::EMAILS => 5], $backend->workers);
            self::assertSame([self::EMAILS => 5], $backend->idleFloors);
            $backend->workers[self::EMAILS] = 3;
        }
    }

    #[TestWith([2])]
    #[TestWith([0])]
    public function test_a_back_end_that_lets_nobody_leave_has_all_of_its_share(int $idleFloor): void
    {
        $backend = new class ($this->app->make(WorkerSupervisor::class)) extends RemoteBackend {
            public int $workers = 0;

            public function pools(): array
            {
                return ['redis:emails' => ['connection' => 'redis', 'queues' => 'emails', 'unknown' => $this->workers]];
            }

            public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
            {
                $this->workers = $targetWorkers;

                return ScaleOutcome::nothing();
            }
        };
        $scaler = $this->scaler($backend);
        $share = new Share(1, 1, [['redis', 'emails', 5, $idleFloor]]);

        foreach ([0.0, 1.0] as $now) {
            $backend->workers = 3;
            $scaler->carryOut($share, [self::EMAILS => 5], $now);
            self::assertSame(5, $backend->workers);
        }
    }

    public function test_what_the_share_does_not_name_ends(): void
    {
        $backend = $this->backend();
        $scaler = $this->scaler($backend);
        $scaler->carryOut(new Share(1, 1, [['redis', 'emails', 5, 2]]), [], 0.0);
        $changes = $scaler->carryOut(new Share(1, 2, []), [self::EMAILS => 5], 1.0);

        self::assertSame([self::EMAILS => 0], $backend->workers);
        self::assertSame([5, 0], [$changes[self::EMAILS]->fromWorkers, $changes[self::EMAILS]->toWorkers]);
        self::assertSame(2, $scaler->applied()?->serial);
    }

    public function test_a_share_after_a_time_without_any_ends_an_outage(): void
    {
        $backend = $this->backend();
        $scaler = $this->scaler($backend);
        $share = static fn(int $serial): Share => new Share(1, $serial, [['redis', 'emails', 5, 5]]);

        // The first one, one in the next turn, and that one again.
        foreach ([[1, 100.0], [2, 104.0], [2, 120.0]] as [$serial, $now]) {
            $scaler->carryOut($share($serial), [self::EMAILS => 5], $now);
        }

        self::assertSame([], $backend->outages);
        $scaler->carryOut($share(3), [self::EMAILS => 5], 124.0);
        self::assertSame([20.0], $backend->outages);
    }

    public function test_a_share_beyond_the_hosts_own_bound_is_cut(): void
    {
        $backend = $this->backend();
        $this->scaler($backend)->carryOut(new Share(1, 1, [['redis', 'emails', self::MAX_WORKERS + 5, self::MAX_WORKERS + 1]]), [], 0.0);

        self::assertSame([self::EMAILS => self::MAX_WORKERS], $backend->workers);
        self::assertSame([self::EMAILS => self::MAX_WORKERS], $backend->idleFloors);
    }

    private function scaler(WorkerBackend $backend): ShareScaler
    {
        return new ShareScaler(
            $backend,
            new WorkerScaler($backend, new Problems(new NullLogger())),
            self::INTERVAL_SECONDS,
            static fn(): int => self::MAX_WORKERS,
        );
    }

    /** One that has what it was told, at once, and lets workers leave. */
    private function backend(): WorkerBackend&LetsIdleWorkersLeave&RetriesAfterOutage
    {
        return new class ($this->app->make(WorkerSupervisor::class)) extends RemoteBackend implements LetsIdleWorkersLeave, RetriesAfterOutage {
            /** @var array<string, int> */
            public array $workers = [];

            /** @var array<string, int> */
            public array $idleFloors = [];

            /** @var list<float> */
            public array $outages = [];

            public function pools(): array
            {
                $rows = [];

                foreach ($this->workers as $pool => $workers) {
                    [$connection, $queues] = explode(':', $pool);
                    $rows[$pool] = ['connection' => $connection, 'queues' => $queues, 'idle' => $workers];
                }

                return $rows;
            }

            public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
            {
                $this->workers["{$connection}:{$queues}"] = $targetWorkers;

                return ScaleOutcome::nothing();
            }

            public function letIdleLeave(string $connection, string $queues, int $idleFloorWorkers): void
            {
                $this->idleFloors["{$connection}:{$queues}"] = $idleFloorWorkers;
            }

            public function retryAfterOutage(float $seconds): void
            {
                $this->outages[] = $seconds;
            }
        };
    }
}
