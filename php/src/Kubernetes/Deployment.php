<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

/**
 * What matters of a Deployment (apps/v1).
 *
 * @internal
 */
final readonly class Deployment
{
    /** Where the API leaves it out: DeploymentSpec.replicas "defaults to 1". */
    private const DEFAULT_REPLICAS = 1;

    public function __construct(
        public string $resourceVersion,
        /** Pods that are asked for. */
        public int $replicas,
        /** Pods that say they are ready, those of an older version included. */
        public int $readyReplicas,
        /** What keeps pods from being made or from getting ready, as the cluster says it; null for nothing. */
        public ?string $trouble,
    ) {
    }

    /** @param array<string, mixed> $values as the API server gives it */
    public static function fromArray(array $values): self
    {
        return new self(
            (string) ($values['metadata']['resourceVersion'] ?? ''),
            (int) ($values['spec']['replicas'] ?? self::DEFAULT_REPLICAS),
            (int) ($values['status']['readyReplicas'] ?? 0),
            self::troubleOf((array) ($values['status']['conditions'] ?? [])),
        );
    }

    public function with(string $resourceVersion, int $replicas): self
    {
        return new self($resourceVersion, $replicas, $this->readyReplicas, $this->trouble);
    }

    /** @param list<array<string, mixed>> $conditions */
    private static function troubleOf(array $conditions): ?string
    {
        foreach ($conditions as $condition) {
            $isTrouble = match ($condition['type'] ?? '') {
                'ReplicaFailure' => $condition['status'] === 'True',
                'Progressing' => $condition['status'] === 'False',
                default => false,
            };

            if ($isTrouble) {
                return sprintf('%s (%s)', $condition['message'] ?? '', $condition['reason'] ?? $condition['type']);
            }
        }

        return null;
    }
}
