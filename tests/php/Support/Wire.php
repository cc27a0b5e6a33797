<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use RuntimeException;

/** The wire between one host and Redis, which can be cut: {@see forwarder.php}. */
final class Wire
{
    private const FIRST_PORT = 20_000;

    private const LAST_PORT = 29_999;

    private const PATIENCE_SECONDS = 20.0;

    public readonly int $port;

    /** @var resource */
    private $process;

    public function __construct(int $redisPort)
    {
        $this->port = random_int(self::FIRST_PORT, self::LAST_PORT);
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/forwarder.php', (string) $this->port, (string) $redisPort],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['redirect', 1]],
            $pipes,
        );
        $this->process = $process !== false ? $process : throw new RuntimeException('The forwarder could not be started.');
        Wait::until(function (): bool {
            $socket = @stream_socket_client("tcp://127.0.0.1:{$this->port}");

            return $socket !== false && fclose($socket);
        }, self::PATIENCE_SECONDS, 'the wire');
    }

    public function cut(): void
    {
        proc_terminate($this->process, SIGSTOP);
    }

    public function mend(): void
    {
        proc_terminate($this->process, SIGCONT);
    }

    public function remove(): void
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }
}
