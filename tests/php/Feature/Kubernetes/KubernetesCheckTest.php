<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Kubernetes;

use QueueAutoscale\Laravel\Checks\CheckResult;
use QueueAutoscale\Laravel\Checks\CheckStatus;
use QueueAutoscale\Laravel\Checks\KubernetesCheck;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Kubernetes\ApiServerProcess;

final class KubernetesCheckTest extends FeatureTestCase
{
    private ApiServerProcess $server;

    protected function setUp(): void
    {
        parent::setUp();
        $this->server = new ApiServerProcess($this->folder);

        foreach ($this->server->environment() as $name => $value) {
            putenv("{$name}={$value}");
        }

        $this->configure([
            'backend' => 'kubernetes',
            'kubernetes' => ['service_account_path' => $this->server->serviceAccountPath],
            'queues' => ['emails' => []],
        ]);
    }

    protected function tearDown(): void
    {
        array_map(putenv(...), array_keys($this->server->environment()));
        $this->server->stop();
        parent::tearDown();
    }

    public function test_what_can_be_scaled_is_told_and_not_changed(): void
    {
        $this->server->deploy('queue-worker-emails', replicas: 3);

        self::assertEquals(CheckResult::ok('queue-worker-emails can be scaled'), $this->check());
        self::assertCount(1, $this->server->requests('PATCH', withStatus: 200));
        self::assertSame(3, $this->server->replicas('queue-worker-emails'));
    }

    public function test_a_deployment_or_a_rule_that_is_missing_fails(): void
    {
        self::assertSame(CheckStatus::Failed, $this->check()->status);
        self::assertStringContainsString('There is no Deployment "queue-worker-emails"', $this->check()->message);

        $this->server->deploy('queue-worker-emails');
        $this->server->control(['allowed' => ['get deployments']]);
        self::assertStringContainsString('may not patch deployments/scale', $this->check()->message);
    }

    public function test_other_back_ends_need_no_cluster(): void
    {
        $this->configure(['backend' => 'local']);

        self::assertEquals(CheckResult::ok('is not used'), $this->check());
    }

    private function check(): CheckResult
    {
        return $this->app->make(KubernetesCheck::class)->run();
    }
}
