<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Backends\RemoteBackend;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\WorkerSupervisor;

/**
 * Has the workers in pods: a pool's target becomes the replicas of its Deployment.
 *
 * A target that could not be set is wanted all the same: the pool counts as having it, its missing pods as places to be
 * filled, and it is tried again until it is set or another one is wanted.
 *
 * @internal
 */
final class KubernetesBackend extends RemoteBackend
{
    /** Somebody else's change, or a pod that got ready just now, makes a conflict; three in a row do not happen by chance. */
    private const MOST_ATTEMPTS = 3;

    private readonly ApiServer $api;

    private readonly DeploymentNames $names;

    /** @var array<string, array{connection: string, queues: string}> */
    private array $pools = [];

    /** @var array<string, Deployment> as last seen, by pool */
    private array $seen = [];

    /** @var array<string, BootTime> by pool */
    private array $bootTimes = [];

    /** @var array<string, array{replicas: int, retryAt: float}> what could not be set yet, by pool */
    private array $wanted = [];

    public function __construct(
        private readonly Configuration $configuration,
        private readonly Problems $problems,
        WorkerSupervisor $supervisor,
    ) {
        parent::__construct($supervisor);

        $this->names = new DeploymentNames($configuration);
        $this->api = ApiServer::ofThisPod($configuration);

        foreach ($configuration->pools() as ['connection' => $connection, 'queues' => $queues]) {
            $this->know($connection, $queues);
        }
    }

    public function pools(): array
    {
        foreach (array_keys($this->pools) as $pool) {
            $problem = "Deployment of {$pool}";

            try {
                $trouble = $this->look($pool)->trouble;
                $trouble === null
                    ? $this->problems->solved($problem)
                    : $this->problems->report($problem, "The {$problem} does not get all of its pods: {$trouble}");
            } catch (KubernetesFailure $failure) {
                $this->problems->report($problem, "The {$problem} cannot be read; its workers stay as they are: {$failure->getMessage()}");
            }
        }

        return array_map($this->row(...), array_intersect_key($this->pools, $this->seen));
    }

    public function scale(string $connection, string $queues, int $targetWorkers): ScaleOutcome
    {
        $pool = $this->know($connection, $queues);

        // The engine has not seen it: what it has now is not to be taken away before it has.
        if (! isset($this->seen[$pool]) && $this->look($pool)->replicas > $targetWorkers) {
            return ScaleOutcome::nothing();
        }

        if ($this->seen[$pool]->replicas === $targetWorkers) {
            unset($this->wanted[$pool]);

            return ScaleOutcome::nothing();
        }

        return $this->set($pool, $targetWorkers);
    }

    public function supervise(float $seconds): array
    {
        $retryAt = min([INF, ...array_column($this->wanted, 'retryAt')]);
        $events = parent::supervise(min($seconds, max(0.0, $retryAt - self::monotonicSeconds())));

        if (! $this->stopRequested() && ! $this->paused()) {
            $this->retry();
        }

        return $events;
    }

    private function know(string $connection, string $queues): string
    {
        $pool = "{$connection}:{$queues}";
        $this->pools[$pool] ??= ['connection' => $connection, 'queues' => $queues];
        $this->bootTimes[$pool] ??= new BootTime();

        return $pool;
    }

    /** @throws KubernetesFailure */
    private function look(string $pool): Deployment
    {
        $this->seen[$pool] = $this->api->deployment($this->name($pool));
        $this->bootTimes[$pool]->saw($this->seen[$pool], self::monotonicSeconds());

        return $this->seen[$pool];
    }

    /** @throws KubernetesFailure */
    private function set(string $pool, int $replicas): ScaleOutcome
    {
        $this->wanted[$pool] = ['replicas' => $replicas, 'retryAt' => self::monotonicSeconds() + $this->configuration->intervalSeconds()];

        for ($attempt = 1; ; $attempt++) {
            $before = $this->seen[$pool];

            try {
                $this->seen[$pool] = $this->api->scale($this->name($pool), $before, $replicas);
            } catch (Conflict $conflict) {
                if ($attempt === self::MOST_ATTEMPTS) {
                    throw $conflict;
                }

                $this->look($pool);

                continue;
            } catch (KubernetesFailure $failure) {
                if ($failure->retryAfterSeconds !== null) {
                    $this->wanted[$pool]['retryAt'] = self::monotonicSeconds() + $failure->retryAfterSeconds;
                }

                throw $failure;
            }

            unset($this->wanted[$pool]);
            $this->bootTimes[$pool]->asked($replicas - $before->replicas, self::monotonicSeconds());

            return new ScaleOutcome(max(0, $replicas - $before->replicas), max(0, $before->replicas - $replicas));
        }
    }

    private function retry(): void
    {
        foreach ($this->wanted as $pool => ['replicas' => $replicas, 'retryAt' => $retryAt]) {
            if ($retryAt > self::monotonicSeconds()) {
                continue;
            }

            try {
                $this->set($pool, $replicas);
            } catch (KubernetesFailure) {
                // Was reported when it began, and is over when the next turn finds it set.
            }
        }
    }

    /**
     * @param array{connection: string, queues: string} $pool
     * @return array{connection: string, queues: string, starting: int, unknown: int, draining: int, backing_off: int,
     *         boot_seconds: ?float}
     */
    private function row(array $pool): array
    {
        $key = "{$pool['connection']}:{$pool['queues']}";
        ['replicas' => $replicas, 'readyReplicas' => $ready] = (array) $this->seen[$key];
        $target = $this->wanted[$key]['replicas'] ?? $replicas;
        $running = min($ready, $target);
        $starting = max(0, min($replicas, $target) - $running);

        return [
            ...$pool,
            'starting' => $starting,
            'unknown' => $running,
            'draining' => $ready - $running,
            'backing_off' => $target - $running - $starting,
            'boot_seconds' => $this->bootTimes[$key]->meanSeconds(),
        ];
    }

    private function name(string $pool): string
    {
        return $this->names->of(...array_values($this->pools[$pool]));
    }

    private static function monotonicSeconds(): float
    {
        return hrtime(true) / 1e9;
    }
}
