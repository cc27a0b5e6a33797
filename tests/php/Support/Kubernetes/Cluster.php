<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support\Kubernetes;

/**
 * The Deployments of one namespace inside the test's API server: each change, a pod that gets ready included, gives a new
 * version, as in a real cluster.
 */
final class Cluster
{
    private int $version = 1000;

    /** @var array<string, array{version: int, readyAt: list<float>, ready: int, conditions: list<array<string, string>>}> */
    private array $deployments = [];

    /** How long a pod takes to get ready. */
    public float $bootSeconds = 0.0;

    /** @param list<array<string, string>> $conditions */
    public function add(string $name, int $replicas = 0, array $conditions = []): void
    {
        $this->deployments[$name] = [
            'version' => ++$this->version,
            'readyAt' => array_fill(0, $replicas, 0.0),
            'ready' => $replicas,
            'conditions' => $conditions,
        ];
    }

    public function remove(string $name): void
    {
        unset($this->deployments[$name]);
    }

    public function has(string $name): bool
    {
        return isset($this->deployments[$name]);
    }

    public function version(string $name): string
    {
        $this->age($name);

        return (string) $this->deployments[$name]['version'];
    }

    /** Somebody else changes something. */
    public function touch(string $name): void
    {
        $this->deployments[$name]['version'] = ++$this->version;
    }

    public function scale(string $name, int $replicas): void
    {
        $readyAt = &$this->deployments[$name]['readyAt'];
        sort($readyAt);
        // Pods that are not ready go first, as the ReplicaSet controller has it.
        $readyAt = array_slice($readyAt, 0, $replicas);
        $readyAt = array_pad($readyAt, $replicas, self::now() + $this->bootSeconds);
        $this->touch($name);
        $this->age($name);
    }

    /** @return array<string, mixed> apps/v1 Deployment */
    public function deployment(string $name): array
    {
        $this->age($name);
        ['readyAt' => $pods, 'ready' => $ready, 'conditions' => $conditions] = $this->deployments[$name];

        return [
            'kind' => 'Deployment',
            'apiVersion' => 'apps/v1',
            'metadata' => ['name' => $name, 'namespace' => 'jobs', 'resourceVersion' => $this->version($name)],
            'spec' => ['replicas' => count($pods)],
            // What is 0 is left out, as in a real answer.
            'status' => array_filter([
                'replicas' => count($pods),
                'readyReplicas' => $ready,
                'unavailableReplicas' => count($pods) - $ready,
                'conditions' => $conditions,
            ]),
        ];
    }

    /** @return array<string, mixed> autoscaling/v1 Scale */
    public function scaleOf(string $name): array
    {
        $replicas = count($this->deployments[$name]['readyAt']);

        return [
            'kind' => 'Scale',
            'apiVersion' => 'autoscaling/v1',
            'metadata' => ['name' => $name, 'namespace' => 'jobs', 'resourceVersion' => $this->version($name)],
            'spec' => array_filter(['replicas' => $replicas]),
            'status' => ['replicas' => $replicas, 'selector' => "app={$name}"],
        ];
    }

    /** @return array<string, array{replicas: int, ready: int}> */
    public function counts(): array
    {
        array_map($this->age(...), array_keys($this->deployments));

        return array_map(
            static fn(array $deployment): array => ['replicas' => count($deployment['readyAt']), 'ready' => $deployment['ready']],
            $this->deployments,
        );
    }

    private function age(string $name): void
    {
        $now = self::now();
        $ready = count(array_filter($this->deployments[$name]['readyAt'], static fn(float $readyAt): bool => $readyAt <= $now));

        if ($ready !== $this->deployments[$name]['ready']) {
            $this->deployments[$name]['ready'] = $ready;
            $this->touch($name);
        }
    }

    private static function now(): float
    {
        return hrtime(true) / 1e9;
    }
}
