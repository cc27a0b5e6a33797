<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Support\Facades\Log;
use QueueAutoscale\Laravel\Events\ManagerStarted;
use QueueAutoscale\Laravel\Events\ManagerStopped;
use QueueAutoscale\Laravel\Events\ScalingDecisionMade;
use QueueAutoscale\Laravel\Events\SlaBreached;
use QueueAutoscale\Laravel\Events\SlaBreachPredicted;
use QueueAutoscale\Laravel\Events\SlaRecovered;
use QueueAutoscale\Laravel\Events\WorkerCrashed;
use QueueAutoscale\Laravel\Events\WorkersScaled;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Observers\EventDispatching;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Tests\Support\Decisions;
use RuntimeException;

final class EventsTest extends FeatureTestCase
{
    /** @var list<object> */
    private array $heard = [];

    protected function setUp(): void
    {
        parent::setUp();

        $this->app->make(Dispatcher::class)->listen('QueueAutoscale\Laravel\Events\*', function (string $name, array $payload): void {
            $this->heard[] = $payload[0];
        });
    }

    public function test_only_changes_are_told(): void
    {
        $observer = $this->observer();
        $change = Decisions::of(['target_workers' => 4]);

        $observer->turnEnded(Decisions::turn([Decisions::of()]));
        self::assertSame([], $this->heard);

        $observer->turnEnded(Decisions::turn([$change], ['redis:emails' => new ScaleOutcome(3, 0)]));
        $observer->turnEnded(Decisions::turn([$change]));

        self::assertSame([ScalingDecisionMade::class, WorkersScaled::class], array_map(get_class(...), $this->heard));
        self::assertSame([1, 4, 3], [$this->heard[1]->fromWorkers, $this->heard[1]->toWorkers, $this->heard[1]->started]);
    }

    public function test_the_promise_is_told_when_it_is_in_danger_broken_and_kept_again(): void
    {
        $observer = $this->observer();

        foreach (['met', 'at_risk', 'at_risk', 'breached', 'unknown', 'breached', 'met'] as $state) {
            $observer->turnEnded(Decisions::turn([Decisions::of(['sla_state' => $state])]));
        }

        $events = array_filter($this->heard, static fn(object $event): bool => ! $event instanceof ScalingDecisionMade);
        self::assertSame(
            [SlaBreachPredicted::class, SlaBreached::class, SlaRecovered::class],
            array_values(array_map(get_class(...), $events)),
        );
    }

    public function test_a_crash_is_told_with_its_reason(): void
    {
        $this->observer()->workerEvent(new WorkerEvent('worker_crashed', [
            'connection' => 'redis', 'queues' => 'emails', 'pid' => 7, 'exit_code' => null, 'signal' => 9,
            'output_tail' => ['last words'], 'restart_in_seconds' => 0.0,
        ]));

        self::assertEquals([new WorkerCrashed('redis', 'emails', 7, null, 9, ['last words'], 0.0)], $this->heard);
    }

    public function test_the_managers_own_life_is_told(): void
    {
        $this->observer()->started();
        $this->observer()->stopped('a signal');

        self::assertInstanceOf(ManagerStarted::class, $this->heard[0]);
        self::assertInstanceOf(ManagerStopped::class, $this->heard[1]);
        self::assertSame('a signal', $this->heard[1]->reason);
    }

    public function test_events_survive_being_queued(): void
    {
        $event = new ScalingDecisionMade(Decisions::of(['target_workers' => 4, 'reason' => 'a burst']));

        $copy = unserialize(serialize($event));

        self::assertEquals($event->decision->toArray(), $copy->decision->toArray());
    }

    public function test_a_listener_that_throws_stops_nothing(): void
    {
        $this->app->make(Dispatcher::class)->listen(ManagerStarted::class, static function (): never {
            throw new RuntimeException('the listener is broken');
        });

        $this->observer()->started();

        $log = (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
        self::assertStringContainsString('One of the listeners of ' . ManagerStarted::class . ' failed: the listener is broken', $log);
    }

    private function observer(): EventDispatching
    {
        return new EventDispatching($this->app->make(Dispatcher::class), new Problems(Log::channel('single')));
    }
}
