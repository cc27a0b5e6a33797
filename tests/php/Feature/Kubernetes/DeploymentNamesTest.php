<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Kubernetes;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Kubernetes\DeploymentNames;
use QueueAutoscale\Laravel\Kubernetes\KubernetesFailure;

final class DeploymentNamesTest extends TestCase
{
    #[TestWith(['emails', 'queue-worker-emails'])]
    #[TestWith(['high,default,low', 'queue-worker-high-default-low'])]
    #[TestWith(['Tenant_42:Émails', 'queue-worker-tenant-42-emails'])]
    #[TestWith(['--x--', 'queue-worker-x'])]
    public function test_a_queue_becomes_a_dns_label(string $queues, string $name): void
    {
        self::assertSame($name, $this->names()->of('redis', $queues));
    }

    public function test_a_template_may_name_the_connection_and_a_queue_its_own_deployment(): void
    {
        $names = $this->names([
            'kubernetes' => ['deployment' => '{connection}.{queue}'],
            'queues' => ['reports' => ['deployment' => 'nightly']],
        ]);

        self::assertSame('redis.emails', $names->of('redis', 'emails'));
        self::assertSame('nightly', $names->of('redis', 'reports'));
    }

    public function test_two_pools_never_share_a_deployment(): void
    {
        $names = $this->names();
        $names->of('redis', 'a.b');
        $names->of('redis', 'a.b');

        $this->expectException(KubernetesFailure::class);
        $this->expectExceptionMessage('redis:a.b and redis:a-b would share the Deployment "queue-worker-a-b"');
        $names->of('redis', 'a-b');
    }

    #[TestWith(['!!!'])]
    #[TestWith([self::TOO_LONG])]
    public function test_a_queue_that_makes_no_name_needs_one(string $queues): void
    {
        $this->expectException(KubernetesFailure::class);
        $this->expectExceptionMessage('name one in the key deployment of its queue or group');
        $this->names()->of('redis', $queues);
    }

    private const TOO_LONG = 'q234567890q234567890q234567890q234567890q234567890q234567890q234567890q234567890q234567890q2345678901234567890'
        . 'q234567890q234567890q234567890q234567890q234567890q234567890q234567890q234567890q234567890q2345678901234567890q234567890q2345678901234';

    /** @param array<string, mixed> $configuration */
    private function names(array $configuration = []): DeploymentNames
    {
        return new DeploymentNames(Configuration::fromArray($configuration));
    }
}
