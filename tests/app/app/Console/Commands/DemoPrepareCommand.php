<?php

declare(strict_types=1);

namespace App\Console\Commands;

use App\Records\RecordFile;
use Illuminate\Console\Command;
use Illuminate\Filesystem\Filesystem;
use Illuminate\Support\Facades\Redis;

final class DemoPrepareCommand extends Command
{
    protected $signature = 'demo:prepare';

    protected $description = 'Empty the queues and forget what earlier runs left';

    public function handle(Filesystem $files, RecordFile $records): int
    {
        $records->clear();
        $files->delete($files->glob(storage_path('queue-metrics.sqlite*')));

        if (config('queue.default') === 'redis') {
            Redis::flushdb();
        }

        $database = (string) config('database.connections.sqlite.database');
        $files->exists($database) || $files->put($database, '');

        return $this->callSilently('migrate:fresh', ['--force' => true]);
    }
}
