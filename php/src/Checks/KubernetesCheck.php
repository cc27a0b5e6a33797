<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Kubernetes\ApiServer;
use QueueAutoscale\Laravel\Kubernetes\DeploymentNames;
use QueueAutoscale\Laravel\Kubernetes\KubernetesFailure;

/**
 * Each Deployment of a queue that the configuration names must be there, and its scale must be ours to set; the latter is
 * tried without changing anything.
 *
 * @internal
 */
final class KubernetesCheck implements Check
{
    public function __construct(private readonly ConfigurationFactory $configurations)
    {
    }

    public function name(): string
    {
        return 'Kubernetes';
    }

    public function run(): CheckResult
    {
        $configuration = $this->configurations->make();

        if ($configuration->toArray()['backend'] !== 'kubernetes') {
            return CheckResult::ok('is not used');
        }

        try {
            return $this->look($configuration, ApiServer::ofThisPod($configuration));
        } catch (CannotStart $outside) {
            return CheckResult::failed($outside->getMessage());
        }
    }

    private function look(Configuration $configuration, ApiServer $api): CheckResult
    {
        $names = new DeploymentNames($configuration);
        $found = [];
        $failures = [];

        foreach ($configuration->pools() as ['connection' => $connection, 'queues' => $queues]) {
            try {
                $name = $names->of($connection, $queues);
                $api->checkScale($name, $api->deployment($name));
                $found[] = $name;
            } catch (KubernetesFailure $failure) {
                $failures[] = $failure->getMessage();
            }
        }

        return match (true) {
            $failures !== [] => CheckResult::failed(implode("\n", array_unique($failures))),
            $found === [] => CheckResult::warning('the configuration names no queue, so no Deployment was looked at'),
            default => CheckResult::ok(implode(', ', $found) . ' can be scaled'),
        };
    }
}
