<?php

declare(strict_types=1);

namespace App\Dispatching;

use App\Dispatching\FirstAttributeJob as First;
use App\Dispatching\SecondAttributeJob as Second;
use Illuminate\Console\Scheduling\Schedule;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Mail;
use Illuminate\Support\Facades\Notification;
use Illuminate\Support\Facades\Queue;
use Illuminate\Support\Str;
use RuntimeException;

/** The ways in which Laravel puts a job on a queue. */
enum Way: string
{
    case Dispatch = 'dispatch';
    case DispatchDelayed = 'dispatch-delayed';
    case DispatchClosure = 'dispatch-closure';
    case Chain = 'chain';
    case Batch = 'batch';
    case Bulk = 'bulk';
    case Later = 'later';
    case PushOn = 'push-on';
    case PushName = 'push-name';
    case PushRaw = 'push-raw';
    case Listener = 'listener';
    case Notification = 'notification';
    case Mailable = 'mailable';
    case Broadcast = 'broadcast';
    case ModelBroadcast = 'model-broadcast';
    case Attribute = 'attribute';
    case Route = 'route';
    case Scheduler = 'scheduler';
    case Retry = 'retry';
    case Release = 'release';
    case Unique = 'unique';
    case Encrypted = 'encrypted';
    case AfterCommit = 'after-commit';

    /** Whether this Laravel has it. */
    public function exists(): bool
    {
        return match ($this) {
            self::Attribute => class_exists(\Illuminate\Queue\Attributes\Queue::class),
            self::Route => method_exists(Queue::getFacadeRoot(), 'route'),
            default => true,
        };
    }

    /** The queue that it goes to: the asked one, but for a class that has its own. */
    public function queue(string $asked, bool $again = false): string
    {
        return $this === self::Attribute ? ($again ? Second::QUEUE : First::QUEUE) : $asked;
    }

    public function send(string $connection, string $queue, string $mark): void
    {
        match ($this) {
            self::Dispatch => $this->dispatch(new MarkJob($mark), $connection, $queue),
            self::DispatchDelayed => $this->dispatch((new MarkJob($mark))->delay(1), $connection, $queue),
            self::DispatchClosure => $this->dispatch(static fn() => Marks::done($mark), $connection, $queue),
            self::Chain => Bus::chain([new MarkJob("{$mark}/first"), new MarkJob($mark)])
                ->onConnection($connection)->onQueue($queue)->dispatch(),
            self::Batch => Bus::batch([new MarkJob($mark)])->onConnection($connection)->onQueue($queue)->dispatch(),
            self::Bulk => Queue::connection($connection)->bulk([new MarkJob($mark)], '', $queue),
            self::Later => Queue::connection($connection)->later(1, new MarkJob($mark), '', $queue),
            self::PushOn => Queue::connection($connection)->pushOn($queue, new MarkJob($mark)),
            self::PushName => Queue::connection($connection)->push(NamedHandler::class, ['mark' => $mark], $queue),
            self::PushRaw => Queue::connection($connection)->pushRaw($this->payload($mark), $queue),
            self::Listener => $this->fire(new MarkEvent($mark, $connection, $queue)),
            self::Notification => Notification::route(MarkNotification::class, 'anybody')
                ->notify((new MarkNotification($mark))->onConnection($connection)->onQueue($queue)),
            self::Mailable => Mail::to('anybody@example.com')
                ->queue((new MarkMailable($mark))->onConnection($connection)->onQueue($queue)),
            self::Broadcast => Event::dispatch(new MarkBroadcast($mark, $connection, $queue)),
            self::ModelBroadcast => MarkModel::query()
                ->create(['mark' => $mark, 'connection_name' => $connection, 'queue' => $queue]),
            self::Attribute => dispatch(
                ($queue === Second::QUEUE ? new Second($mark) : new First($mark))->onConnection($connection),
            ),
            self::Route => $this->route($connection, $queue, $mark),
            self::Scheduler => app(Schedule::class)->job(new MarkJob($mark), $queue, $connection)->run(app()),
            self::Retry => $this->retry($connection, $queue, $mark),
            self::Release => $this->dispatch(new ReleasedMarkJob($mark), $connection, $queue),
            self::Unique => $this->dispatch(new UniqueMarkJob($mark), $connection, $queue),
            self::Encrypted => $this->dispatch(new EncryptedMarkJob($mark), $connection, $queue),
            self::AfterCommit => DB::transaction(
                fn() => $this->dispatch((new MarkJob($mark))->afterCommit(), $connection, $queue),
            ),
        };
    }

    private function dispatch(object $job, string $connection, string $queue): void
    {
        dispatch($job)->onConnection($connection)->onQueue($queue);
    }

    private function fire(MarkEvent $event): void
    {
        if (! Event::hasListeners(MarkEvent::class)) {
            Event::listen(MarkEvent::class, MarkListener::class);
        }

        Event::dispatch($event);
    }

    private function route(string $connection, string $queue, string $mark): void
    {
        Queue::route(RoutedJob::class, $queue, $connection);
        dispatch(new RoutedJob($mark));
    }

    private function retry(string $connection, string $queue, string $mark): void
    {
        $id = app('queue.failer')->log($connection, $queue, $this->payload($mark), new RuntimeException('Failed once.'));
        Artisan::call('queue:retry', ['id' => [$id]]);
    }

    /** As another program would write it: nobody in this process hears of a payload being made. */
    private function payload(string $mark): string
    {
        $job = new MarkJob($mark);

        return json_encode([
            'uuid' => (string) Str::uuid(),
            'id' => Str::random(32),
            'displayName' => $job::class,
            'job' => 'Illuminate\\Queue\\CallQueuedHandler@call',
            'attempts' => 0,
            'maxTries' => null,
            'timeout' => null,
            'createdAt' => time(),
            'data' => ['commandName' => $job::class, 'command' => serialize($job)],
        ], JSON_THROW_ON_ERROR);
    }
}
