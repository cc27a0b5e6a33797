<?php

declare(strict_types=1);

namespace App\Providers;

use App\Records\RecordFile;
use App\Records\RecordKind;
use Carbon\CarbonInterface;
use Illuminate\Queue\Events\WorkerStarting;
use Illuminate\Queue\Events\WorkerStopping;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\ServiceProvider;
use QueueAutoscale\Laravel\Events\WorkersScaled;

final class AppServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->app->singleton(RecordFile::class, fn(): RecordFile => new RecordFile(storage_path('records.jsonl')));
        OtherListeners::register();
    }

    public function boot(RecordFile $records): void
    {
        $this->setClock((int) env('CLOCK_SECONDS', 0));

        Event::listen(static function (WorkerStarting $event) use ($records): void {
            $records->append(RecordKind::WorkerStarted, [
                'connection' => $event->connectionName,
                'queues' => $event->queue,
                // Its boot is paid for as well.
                'process_started_at' => self::processStartedAt(),
            ]);
        });

        Event::listen(static function (WorkerStopping $event) use ($records): void {
            $records->append(RecordKind::WorkerStopped, ['status' => $event->status]);
        });

        Event::listen(static function (WorkersScaled $event) use ($records): void {
            $records->append(RecordKind::WorkersScaled, [
                'pool' => "{$event->connection}:{$event->queues}",
                'from' => $event->fromWorkers,
                'to' => $event->toWorkers,
            ]);
        });
    }

    /** On a busy machine it takes a while until PHP runs at all, so the system is asked where it tells. */
    private static function processStartedAt(): float
    {
        if (! is_readable('/proc/self/stat')) {
            return LARAVEL_START;
        }

        // The name, in brackets, may hold anything; the start is the 20th field after it, in hundredths of a second.
        $fields = explode(' ', substr(strrchr((string) file_get_contents('/proc/self/stat'), ')'), 2));

        return microtime(true) - ((float) file_get_contents('/proc/uptime') - $fields[19] / 100);
    }

    /** Makes Laravel's clock, by which several cache stores let things expire, that of a host whose clock is wrong. */
    private function setClock(int $secondsAhead): void
    {
        if ($secondsAhead !== 0) {
            Carbon::setTestNow(static fn(CarbonInterface $now): CarbonInterface => $now->addSeconds($secondsAhead));
        }
    }
}
