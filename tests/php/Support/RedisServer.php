<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use Illuminate\Filesystem\Filesystem;
use Redis;
use RedisException;
use RuntimeException;

/** A Redis of a test's own, which can be stopped and started again without forgetting anything. */
final class RedisServer
{
    private const PATIENCE_SECONDS = 20.0;

    private const FIRST_PORT = 30_000;

    /** From 32,768 on Linux gives ports to outgoing connections. */
    private const LAST_PORT = 32_767;

    public readonly int $port;

    /** @var resource|null */
    private $process = null;

    public function __construct(private readonly ApplicationFolder $folder)
    {
        $this->port = random_int(self::FIRST_PORT, self::LAST_PORT);
    }

    public function start(): void
    {
        $process = proc_open(
            [
                'redis-server', '--bind', '127.0.0.1', '--port', (string) $this->port, '--dir', $this->folder->path,
                '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec',
            ],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['redirect', 1]],
            $pipes,
        );

        $this->process = $process !== false ? $process : throw new RuntimeException('redis-server could not be started.');
        Wait::until($this->answers(...), self::PATIENCE_SECONDS, 'Redis to answer');
    }

    public function stop(): void
    {
        if ($this->process !== null) {
            $process = $this->process;
            $this->process = null;
            proc_terminate($process);
            Wait::until(static fn(): bool => ! proc_get_status($process)['running'], self::PATIENCE_SECONDS, 'Redis to end');
        }
    }

    /** Makes a stopped server start empty. */
    public function forget(): void
    {
        (new Filesystem())->deleteDirectory("{$this->folder->path}/appendonlydir");
    }

    private function answers(): bool
    {
        try {
            $redis = new Redis();

            return @$redis->connect('127.0.0.1', $this->port) && $redis->ping() === true;
        } catch (RedisException) {
            return false;
        }
    }
}
