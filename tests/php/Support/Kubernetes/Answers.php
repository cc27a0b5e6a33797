<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support\Kubernetes;

/**
 * What the test's API server answers: apps/v1 Deployments and their scale, and Status objects (meta/v1) where something is
 * not as it should be, as the Kubernetes API reference and its conventions define them.
 */
final class Answers
{
    private const PATH = '#^/apis/apps/v1/namespaces/jobs/deployments/([^/?]+)(/scale)?(?:\?.*)?$#';

    /** @var list<array{method: string, path: string, status: int}> */
    private array $log = [];

    /** @var list<array{fault: string, method: ?string, times: int, seconds: float}> */
    private array $faults = [];

    /** @var list<string> what the Role allows: "verb resource" */
    private array $allowed = ['get deployments', 'patch deployments/scale'];

    private readonly Cluster $cluster;

    public function __construct(private readonly string $tokenFile)
    {
        $this->cluster = new Cluster();
    }

    /**
     * @param array<string, string> $headers by lower-case name
     * @return array{int, array<string, mixed>, array<string, string>, bool} status, object, headers, whether it is cut short
     */
    public function to(string $method, string $path, array $headers, string $body): array
    {
        if ($path === '/control') {
            return [200, $this->control((array) json_decode($body, associative: true)), [], false];
        }

        $fault = $this->takeFault($method);

        if ($fault !== null && $fault['fault'] === 'slow') {
            usleep((int) ($fault['seconds'] * 1e6));
        }

        [$status, $object, $extra] = match ($fault['fault'] ?? '') {
            'throttled' => self::status(429, 'TooManyRequests', 'please try again later', ['Retry-After' => (string) $fault['seconds']]),
            'throttled_until' => self::status(429, 'TooManyRequests', 'please try again later', [
                'Retry-After' => gmdate('D, d M Y H:i:s', time() + (int) $fault['seconds']) . ' GMT',
            ]),
            'unavailable' => self::status(503, 'ServiceUnavailable', 'the server is shutting down'),
            'broken' => self::status(500, 'InternalError', 'etcdserver: request timed out'),
            default => $this->answer($method, $path, $headers, $body, isConflict: ($fault['fault'] ?? '') === 'conflict'),
        };
        $this->log[] = ['method' => $method, 'path' => $path, 'status' => $status];

        return [$status, $object, $extra, ($fault['fault'] ?? '') === 'truncated'];
    }

    /**
     * @param array<string, string> $headers
     * @return array{int, array<string, mixed>, array<string, string>}
     */
    private function answer(string $method, string $path, array $headers, string $body, bool $isConflict): array
    {
        if (($headers['authorization'] ?? '') !== 'Bearer ' . trim((string) file_get_contents($this->tokenFile))) {
            return self::status(401, 'Unauthorized', 'Unauthorized');
        }

        if (preg_match(self::PATH, $path, $found) !== 1) {
            return self::status(404, 'NotFound', 'the server could not find the requested resource');
        }

        $name = $found[1];
        $resource = 'deployments' . ($found[2] ?? '');
        $verb = ['GET' => 'get', 'PATCH' => 'patch', 'PUT' => 'update'][$method] ?? strtolower($method);

        // Authorisation comes before the object is looked for.
        if (! in_array("{$verb} {$resource}", $this->allowed, strict: true)) {
            return self::status(403, 'Forbidden', "deployments.apps \"{$name}\" is forbidden: User "
                . "\"system:serviceaccount:jobs:queue-autoscale\" cannot {$verb} resource \"{$resource}\" in API group \"apps\" in the "
                . 'namespace "jobs"');
        }

        if (! $this->cluster->has($name)) {
            return self::status(404, 'NotFound', "deployments.apps \"{$name}\" not found");
        }

        if ($method === 'GET') {
            return [200, $resource === 'deployments' ? $this->cluster->deployment($name) : $this->cluster->scaleOf($name), []];
        }

        if (($headers['content-type'] ?? '') !== 'application/merge-patch+json') {
            return self::status(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
        }

        if ($isConflict) {
            $this->cluster->touch($name);
        }

        return $this->patchScale($name, (array) json_decode($body, associative: true), isDryRun: str_contains($path, 'dryRun=All'));
    }

    /**
     * @param array<string, mixed> $patch
     * @return array{int, array<string, mixed>, array<string, string>}
     */
    private function patchScale(string $name, array $patch, bool $isDryRun): array
    {
        $version = $patch['metadata']['resourceVersion'] ?? null;
        $replicas = $patch['spec']['replicas'] ?? null;

        if ($version !== null && $version !== $this->cluster->version($name)) {
            return self::status(409, 'Conflict', "Operation cannot be fulfilled on deployments.apps \"{$name}\": the object has been "
                . 'modified; please apply your changes to the latest version and try again');
        }

        if (! is_int($replicas) || $replicas < 0) {
            return self::status(422, 'Invalid', 'spec.replicas: must be greater than or equal to 0');
        }

        $isDryRun || $this->cluster->scale($name, $replicas);

        return [200, $this->cluster->scaleOf($name), []];
    }

    /**
     * @param array<string, mixed> $command
     * @return array<string, mixed>
     */
    private function control(array $command): array
    {
        foreach ($command['add'] ?? [] as $name => [$replicas, $conditions]) {
            $this->cluster->add($name, $replicas, $conditions);
        }

        foreach ($command['scale'] ?? [] as $name => $replicas) {
            $this->cluster->scale($name, $replicas);
        }

        array_map($this->cluster->remove(...), $command['remove'] ?? []);
        $this->cluster->bootSeconds = $command['boot_seconds'] ?? $this->cluster->bootSeconds;
        $this->allowed = $command['allowed'] ?? $this->allowed;
        $this->faults = $command['faults'] ?? $this->faults;

        return ['deployments' => $this->cluster->counts(), 'log' => $this->log, 'faults' => $this->faults];
    }

    /** @return ?array{fault: string, method: ?string, times: int, seconds: float} */
    private function takeFault(string $method): ?array
    {
        foreach ($this->faults as $index => $fault) {
            if (($fault['method'] ?? $method) === $method && $fault['times'] > 0) {
                $this->faults[$index]['times']--;

                return $fault;
            }
        }

        return null;
    }

    /**
     * @param array<string, string> $headers
     * @return array{int, array<string, mixed>, array<string, string>}
     */
    private static function status(int $code, string $reason, string $message, array $headers = []): array
    {
        return [$code, [
            'kind' => 'Status',
            'apiVersion' => 'v1',
            'metadata' => (object) [],
            'status' => 'Failure',
            'message' => $message,
            'reason' => $reason,
            'code' => $code,
        ], $headers];
    }
}
