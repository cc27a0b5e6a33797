<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use Illuminate\Filesystem\Filesystem;

/** The files of one run of the test application: queue, cache, logs and records, apart from those of every other run. */
final readonly class ApplicationFolder
{
    public string $path;

    public function __construct()
    {
        $this->path = sys_get_temp_dir() . '/queue-autoscale-' . getmypid() . '-' . bin2hex(random_bytes(4));
        mkdir($this->path);
    }

    public function remove(): void
    {
        (new Filesystem())->deleteDirectory($this->path);
    }

    /** @return array<string, string> what makes a process of the application use this folder */
    public function environment(): array
    {
        // All runs may share one Redis, in which each has keys of its own.
        return ['LARAVEL_STORAGE_PATH' => $this->path, 'REDIS_PREFIX' => basename($this->path) . ':'];
    }
}
