<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

use Illuminate\Support\Str;
use QueueAutoscale\Configuration;

/**
 * Which Deployment has a pool's workers.
 *
 * @internal
 */
final class DeploymentNames
{
    /** A Deployment's name is a DNS subdomain (RFC 1123). */
    private const MAX_CHARACTERS = 253;

    private readonly string $template;

    /** @var array<string, string> the pool that has a name */
    private array $owners = [];

    public function __construct(private readonly Configuration $configuration)
    {
        $this->template = $configuration->toArray()['kubernetes']['deployment'];
    }

    /** @throws KubernetesFailure where there is no name, or another pool has it */
    public function of(string $connection, string $queues): string
    {
        $own = $this->configuration->poolSettings($connection, $queues)['deployment'];
        $name = $own ?? strtr($this->template, ['{connection}' => self::slug($connection), '{queue}' => self::slug($queues)]);
        $pool = "{$connection}:{$queues}";

        if ($own === null && (self::slug($queues) === '' || strlen($name) > self::MAX_CHARACTERS)) {
            throw new KubernetesFailure(
                "{$pool} makes no Deployment's name (\"{$name}\"): name one in the key deployment of its queue or group.",
            );
        }

        if (($this->owners[$name] ??= $pool) !== $pool) {
            throw new KubernetesFailure(
                "{$this->owners[$name]} and {$pool} would share the Deployment \"{$name}\": name another one in the key deployment of a "
                    . 'queue or group, or put {connection} into queue-autoscale.kubernetes.deployment.',
            );
        }

        return $name;
    }

    /** What a DNS label (RFC 1123) may have: a-z, 0-9 and, inside, dashes. */
    private static function slug(string $name): string
    {
        return trim((string) preg_replace('/[^a-z0-9]+/', '-', strtolower(Str::ascii($name))), '-');
    }
}
