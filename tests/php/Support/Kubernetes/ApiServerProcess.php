<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support\Kubernetes;

use QueueAutoscale\Tests\Support\ApplicationFolder;
use RuntimeException;

/** The test's API server as a process of its own, and the service account of a pod in its cluster. */
final class ApiServerProcess
{
    private const SCRIPT = __DIR__ . '/api-server.php';

    public readonly string $serviceAccountPath;

    private readonly int $port;

    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    /** @param string $certifiedAddress the one that its certificate is for; it listens on 127.0.0.1 all the same */
    public function __construct(ApplicationFolder $folder, string $certifiedAddress = '127.0.0.1')
    {
        $this->serviceAccountPath = "{$folder->path}/serviceaccount";
        mkdir($this->serviceAccountPath);
        file_put_contents("{$this->serviceAccountPath}/namespace", 'jobs');
        $this->rotateToken();
        (new Certificates($folder->path, $certifiedAddress))->make("{$this->serviceAccountPath}/ca.crt", "{$folder->path}/server.pem");
        // A test may give the manager another authority; its own control of the server goes on.
        copy("{$this->serviceAccountPath}/ca.crt", "{$folder->path}/trusted.crt");

        $this->process = proc_open(
            [PHP_BINARY, '-n', self::SCRIPT, "{$folder->path}/server.pem", "{$this->serviceAccountPath}/token"],
            [['pipe', 'r'], ['pipe', 'w'], ['file', "{$folder->path}/api-server.log", 'w']],
            $this->pipes,
        ) ?: throw new RuntimeException('The API server could not be started.');
        $this->port = (int) fgets($this->pipes[1]);
    }

    /** @return array<string, string> what the cluster puts into the environment of each container */
    public function environment(): array
    {
        return ['KUBERNETES_SERVICE_HOST' => '127.0.0.1', 'KUBERNETES_SERVICE_PORT' => (string) $this->port];
    }

    public function rotateToken(): void
    {
        file_put_contents("{$this->serviceAccountPath}/token", bin2hex(random_bytes(16)));
    }

    /** @param list<array<string, string>> $conditions */
    public function deploy(string $name, int $replicas = 0, array $conditions = []): void
    {
        $this->control(['add' => [$name => [$replicas, $conditions]]]);
    }

    /** The next requests (of a method) go wrong in one way. */
    public function breakNext(string $fault, ?string $method = null, int $times = 1, float $seconds = 0.0): void
    {
        $this->control(['faults' => [['fault' => $fault, 'method' => $method, 'times' => $times, 'seconds' => $seconds]]]);
    }

    public function replicas(string $name): int
    {
        return $this->control([])['deployments'][$name]['replicas'];
    }

    public function ready(string $name): int
    {
        return $this->control([])['deployments'][$name]['ready'];
    }

    /** @return list<string> the paths that were asked for so, in order */
    public function requests(string $ofMethod, ?int $withStatus = null): array
    {
        return array_values(array_map(
            static fn(array $request): string => $request['path'],
            array_filter(
                $this->control([])['log'],
                static fn(array $request): bool => $request['method'] === $ofMethod && $request['status'] === ($withStatus ?? $request['status']),
            ),
        ));
    }

    /**
     * @param array<string, mixed> $command
     * @return array<string, mixed>
     */
    public function control(array $command): array
    {
        $answer = file_get_contents("https://127.0.0.1:{$this->port}/control", context: stream_context_create([
            'http' => ['method' => 'POST', 'content' => json_encode($command, JSON_THROW_ON_ERROR), 'header' => 'Content-Type: application/json'],
            'ssl' => ['cafile' => dirname($this->serviceAccountPath) . '/trusted.crt'],
        ]));

        return (array) json_decode((string) $answer, associative: true, flags: JSON_THROW_ON_ERROR);
    }

    public function stop(): void
    {
        array_map(fclose(...), array_filter($this->pipes, is_resource(...)));
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }
}
