<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Exception\SupervisorException;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\WorkerSupervisor;

/** Over real processes: a worker here is a PHP script that says it is ready and waits. */
final class WorkerSupervisorTest extends TestCase
{
    private const DEADLINE_SECONDS = 20.0;

    private const WORKER = <<<'PHP'
        <?php
        $status = fopen('php://fd/' . getenv('QUEUE_AUTOSCALE_STATUS_FD'), 'w');
        fwrite($status, 'R');
        echo implode(' ', array_slice($argv, 1)), "\n";
        while (true) {
            sleep(60);
        }
        PHP;

    private string $script;

    private WorkerSupervisor $supervisor;

    protected function setUp(): void
    {
        $this->script = (string) tempnam(sys_get_temp_dir(), 'worker');
        file_put_contents($this->script, self::WORKER);
        $this->supervisor = new WorkerSupervisor(Configuration::fromArray([
            'queues' => ['emails' => ['workers' => ['timeout' => 77]]],
            'workers' => ['php_binary' => PHP_BINARY, 'artisan_path' => $this->script],
        ]));
    }

    protected function tearDown(): void
    {
        $this->supervisor->shutdown();
        unset($this->supervisor);
        unlink($this->script);
    }

    #[Test]
    public function a_pool_gets_its_workers_and_they_get_the_options_of_their_queue(): void
    {
        $this->supervisor->tellOutput(true);

        self::assertSame(
            ['started' => 2, 'stopped' => 0, 'backing_off' => 0],
            $this->supervisor->scalePool('redis', 'emails', 2),
        );
        $events = $this->eventsUntil('worker_ready', 'worker_ready', 'output_line');

        $lines = array_column($events, 'line');
        self::assertStringContainsString('queue:work redis --queue=emails', $lines[0]);
        self::assertStringContainsString('--timeout=77', $lines[0]);
        self::assertSame(2, $this->supervisor->pools()['redis:emails']['idle']);
        self::assertSame(['ready', 'ready'], array_column($this->supervisor->workers(), 'state'));
    }

    #[Test]
    public function a_decision_is_carried_out(): void
    {
        $engine = new ScalingEngine(Configuration::fromArray([]));
        $metrics = Fixture::metrics('04-backlog-3-workers-70s');
        $decision = $engine->evaluate($metrics, $this->supervisor->pools(), null, 1.0)->decisions()['redis:default'];

        self::assertSame(1, $this->supervisor->scale($decision->withTargetWorkers(1, 'one will do'))['started']);
        $this->eventsUntil('worker_ready');
        $next = $engine->evaluate($metrics, $this->supervisor->pools(), null, 6.0)->decisions()['redis:default'];

        self::assertSame(1, $next->currentWorkers);
    }

    #[Test]
    public function nobody_leaves_for_want_of_a_job_while_the_jobs_of_the_decision_wait(): void
    {
        $engine = new ScalingEngine(Configuration::fromArray([]));
        $metrics = Fixture::metrics('04-backlog-3-workers-70s');
        $decided = $engine->evaluate($metrics, $this->supervisor->pools(), null, 1.0)->decisions()['redis:default']->toArray();
        $decide = static fn(int $pending): ScalingDecision => ScalingDecision::fromArray(
            ['target_workers' => 1, 'idle_floor_workers' => 0, 'pending' => $pending] + $decided,
        );
        $this->supervisor->scalePool('redis', 'default', 1);
        $this->eventsUntil('worker_ready');

        $this->supervisor->scale($decide(1));
        $this->supervisor->supervise(0.6);
        self::assertSame(1, $this->supervisor->pools()['redis:default']['idle']);

        $this->supervisor->scale($decide(0));
        $exited = array_column($this->supervisor->supervise(1.0), 'type');
        in_array('worker_exited', $exited, strict: true) || $this->eventsUntil('worker_exited');
        self::assertSame([], $this->supervisor->workers());
    }

    #[Test]
    public function idle_workers_are_let_go_down_to_a_floor_without_another_decision(): void
    {
        $this->supervisor->scalePool('redis', 'emails', 2);

        do {
            $this->eventsUntil('worker_ready');
        } while ($this->supervisor->pools()['redis:emails']['idle'] < 2);

        $this->supervisor->letIdleLeave('redis', 'emails', 1);
        // Longer than a worker must find no job to leave.
        $exited = array_column($this->supervisor->supervise(1.0), 'type');
        in_array('worker_exited', $exited, strict: true) || $this->eventsUntil('worker_exited');
        self::assertSame(1, $this->supervisor->pools()['redis:emails']['idle']);

        // Of a pool that has no worker there is nobody to leave.
        $this->supervisor->letIdleLeave('redis', 'reports', 0);
        $this->expectException(InvalidArgument::class);
        $this->supervisor->letIdleLeave('redis', 'emails', -1);
    }

    #[Test]
    public function those_who_failed_in_an_outage_start_as_soon_as_it_is_over(): void
    {
        file_put_contents($this->script, '<?php exit(1);');
        $this->supervisor->scalePool('redis', 'emails', 1);

        // The third of them waits for at least four seconds.
        for ($crashes = 0; $crashes < 3; $crashes++) {
            $this->eventsUntil('worker_crashed');
        }

        file_put_contents($this->script, self::WORKER);
        $this->supervisor->endBackOff(3600.0);

        self::assertContains('worker_started', array_column($this->supervisor->supervise(0.0), 'type'));

        $this->expectException(InvalidArgument::class);
        $this->supervisor->endBackOff(-1.0);
    }

    #[Test]
    public function a_worker_that_is_killed_is_told_of_and_replaced(): void
    {
        $this->supervisor->scalePool('redis', 'emails', 1);
        $pid = $this->eventsUntil('worker_ready')[0]['pid'];
        posix_kill($pid, SIGKILL);

        $crash = array_values(array_filter(
            $this->eventsUntil('worker_crashed'),
            static fn(array $event): bool => $event['type'] === 'worker_crashed',
        ))[0];
        $this->eventsUntil('worker_ready');

        self::assertSame(['redis', 'emails', $pid, SIGKILL], [
            $crash['connection'], $crash['queues'], $crash['pid'], $crash['signal'],
        ]);
        self::assertNotSame($pid, $this->supervisor->workers()[0]['pid']);
    }

    #[Test]
    public function a_signal_asks_the_manager_to_end(): void
    {
        self::assertFalse($this->supervisor->stopRequested());
        posix_kill((int) getmypid(), SIGTERM);

        self::assertSame([['type' => 'stop_requested', 'signal' => SIGTERM]], $this->supervisor->supervise(self::DEADLINE_SECONDS));
        self::assertTrue($this->supervisor->stopRequested());
        self::assertSame(SIGTERM, $this->supervisor->stopSignal());
    }

    #[Test]
    public function no_worker_outlives_the_shutdown(): void
    {
        $this->supervisor->scalePool('redis', 'emails', 2);
        $this->eventsUntil('worker_ready', 'worker_ready');
        $pids = array_column($this->supervisor->workers(), 'pid');

        $report = $this->supervisor->shutdown();

        self::assertSame([2, 0], [$report['workers'], $report['killed']]);
        self::assertSame([false, false], array_map(static fn(int $pid): bool => posix_kill($pid, 0), $pids));
        $this->expectException(SupervisorException::class);
        $this->supervisor->scalePool('redis', 'emails', 1);
    }

    #[Test]
    public function a_process_has_one_supervisor(): void
    {
        $this->expectException(SupervisorException::class);

        new WorkerSupervisor(Configuration::fromArray([]));
    }

    #[Test]
    public function a_number_of_workers_below_none_is_refused(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('$target: -1');

        $this->supervisor->scalePool('redis', 'emails', -1);
    }

    /** @return list<array<string, mixed>> all events until each of $types occurred as often as it is given */
    private function eventsUntil(string ...$types): array
    {
        $events = [];
        $deadline = hrtime(true) / 1e9 + self::DEADLINE_SECONDS;
        while (! self::hasAll($types, array_column($events, 'type'))) {
            self::assertLessThan($deadline, hrtime(true) / 1e9, implode(', ', $types) . ' did not all happen in time');
            $events = [...$events, ...$this->supervisor->supervise(0.1)];
        }

        return $events;
    }

    /**
     * @param list<string> $wanted
     * @param list<string> $seen
     */
    private static function hasAll(array $wanted, array $seen): bool
    {
        $counts = array_count_values($seen);

        foreach (array_count_values($wanted) as $type => $count) {
            if (($counts[$type] ?? 0) < $count) {
                return false;
            }
        }

        return true;
    }
}
