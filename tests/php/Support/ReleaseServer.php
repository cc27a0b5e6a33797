<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use RuntimeException;

/** Serves the files of a release in a process of its own; release-server.php says how well. */
final class ReleaseServer
{
    private readonly int $port;

    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    public function __construct(private readonly string $folder)
    {
        $this->process = proc_open(
            [PHP_BINARY, '-n', __DIR__ . '/release-server.php', $folder],
            [['pipe', 'r'], ['pipe', 'w'], ['file', "{$folder}/server.log", 'w']],
            $this->pipes,
        ) ?: throw new RuntimeException('The server could not be started.');
        $this->port = (int) fgets($this->pipes[1]);
    }

    public function url(string $kind = ''): string
    {
        return rtrim("http://127.0.0.1:{$this->port}/{$kind}", '/');
    }

    /** @return list<string> what was asked for, as it stands in the first line of each request */
    public function requests(): array
    {
        return preg_match_all('/^GET (\S+)/m', (string) @file_get_contents("{$this->folder}/requests.log"), $found) > 0 ? $found[1] : [];
    }

    public function stop(): void
    {
        if (is_resource($this->process)) {
            array_map(fclose(...), array_filter($this->pipes, is_resource(...)));
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
        }
    }
}
