<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use App\Records\RecordKind;
use PHPUnit\Framework\Attributes\Group;
use QueueAutoscale\Exception\SupervisorException;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\WorkerSupervisor;
use Symfony\Component\Process\Process;

/** The supervisor inside a PHP process that has a life of its own, over real workers. */
#[Group('binding')]
final class SupervisorTest extends EndToEndTestCase
{
    private const QUEUE = 'emails';

    private ?WorkerSupervisor $supervisor;

    /** @var list<array{type: string, ...}> */
    private array $events = [];

    protected function setUp(): void
    {
        parent::setUp();
        // Workers inherit the process's environment, in which this test's application does not stand.
        $this->app->make('config')->set('queue-autoscale.workers.environment', $this->environment());
        $this->supervisor = new WorkerSupervisor($this->app->make(ConfigurationFactory::class)->make());
    }

    protected function tearDown(): void
    {
        $this->supervisor?->killAll();
        $this->supervisor = null;
        parent::tearDown();
    }

    public function test_busy_and_idle_workers_are_told_apart_and_idle_ones_leave_first(): void
    {
        $this->scale(2);
        $this->superviseUntil(fn(): bool => count($this->inState('ready')) === 2, 'two idle workers');
        $this->enqueue(1, self::QUEUE, static fn(): SleepJob => new SleepJob(1.5));
        $this->superviseUntil(fn(): bool => count($this->inState('busy')) === 1, 'a busy worker');
        [$busy] = $this->inState('busy');

        $this->scale(1);
        $this->superviseUntil(fn(): bool => count($this->supervisor->workers()) === 1, 'the idle one to leave');

        self::assertSame($busy, $this->supervisor->workers()[0]['pid']);
        self::assertCount(0, $this->records()->of(RecordKind::JobFinished));
        $this->superviseUntil(fn(): bool => $this->inState('ready') === [$busy], 'the job to end');
        self::assertCount(1, $this->records()->of(RecordKind::JobFinished));
    }

    public function test_what_a_worker_needs_is_measured(): void
    {
        $this->scale(1);
        $this->superviseUntil(fn(): bool => $this->pool()['worker_memory_bytes'] !== null, 'a footprint');

        self::assertGreaterThan(5_000_000, $this->pool()['worker_memory_bytes']);
        self::assertGreaterThan(0.01, $this->pool()['boot_seconds']);
    }

    public function test_other_children_of_the_process_stay_its_own(): void
    {
        $this->scale(1);
        $symfony = Process::fromShellCommandline('sleep 0.1; exit 5');
        $symfony->start();
        $plain = proc_open(['sh', '-c', 'sleep 0.1; exit 7'], [], $pipes);

        $this->superviseUntil(fn(): bool => $this->inState('ready') !== [], 'an idle worker');
        $this->supervisor->shutdown();

        self::assertSame(5, $symfony->wait());
        self::assertSame(7, proc_close($plain));
        exec('exit 3', result_code: $code);
        self::assertSame(3, $code);
    }

    public function test_a_handler_of_the_application_and_ours_both_hear_a_signal(): void
    {
        $heard = 0;
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, static function () use (&$heard): void {
            $heard++;
        });

        try {
            $this->superviseUntil(fn(): bool => in_array('signal_taken', array_column($this->events, 'type'), true), 'the report');
            posix_kill(getmypid(), SIGTERM);
            $this->superviseUntil(fn(): bool => $this->supervisor->stopRequested(), 'the request to stop');
            self::assertSame(1, $heard);
        } finally {
            pcntl_signal(SIGTERM, SIG_DFL);
            pcntl_async_signals(false);
        }
    }

    public function test_a_second_supervisor_is_refused_until_the_first_is_gone(): void
    {
        $configuration = $this->app->make(ConfigurationFactory::class)->make();

        try {
            new WorkerSupervisor($configuration);
            self::fail('A second supervisor was made.');
        } catch (SupervisorException $refused) {
            self::assertStringContainsString('already runs a worker supervisor', $refused->getMessage());
        }

        $this->supervisor = null;
        $this->supervisor = new WorkerSupervisor($configuration);
        self::assertSame([], $this->supervisor->workers());
    }

    private function scale(int $workers): void
    {
        $this->supervisor->scalePool($this->connection, self::QUEUE, $workers);
    }

    /** @param callable(): bool $condition */
    private function superviseUntil(callable $condition, string $what): void
    {
        $this->waitUntil(function () use ($condition): bool {
            array_push($this->events, ...$this->supervisor->supervise(0.02));

            return $condition();
        }, $what);
    }

    /** @return list<int> */
    private function inState(string $state): array
    {
        $workers = array_filter($this->supervisor->workers(), static fn(array $worker): bool => $worker['state'] === $state);

        return array_values(array_column($workers, 'pid'));
    }

    /** @return array<string, mixed> */
    private function pool(): array
    {
        return $this->supervisor->pools()["{$this->connection}:" . self::QUEUE];
    }
}
