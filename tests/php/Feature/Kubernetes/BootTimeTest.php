<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Kubernetes;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Kubernetes\BootTime;
use QueueAutoscale\Laravel\Kubernetes\Deployment;

final class BootTimeTest extends TestCase
{
    private BootTime $bootTime;

    protected function setUp(): void
    {
        $this->bootTime = new BootTime();
    }

    public function test_the_oldest_that_was_asked_for_is_the_one_that_got_ready(): void
    {
        $this->bootTime->asked(1, nowSeconds: 100.0);
        $this->bootTime->asked(1, nowSeconds: 130.0);
        $this->saw(replicas: 2, ready: 1, nowSeconds: 120.0);
        self::assertSame(20.0, $this->bootTime->meanSeconds());

        $this->saw(replicas: 2, ready: 2, nowSeconds: 160.0);
        self::assertSame(22.0, $this->bootTime->meanSeconds());
    }

    public function test_pods_that_come_back_were_not_asked_for(): void
    {
        $this->saw(replicas: 3, ready: 3, nowSeconds: 0.0);
        $this->saw(replicas: 3, ready: 2, nowSeconds: 10.0);
        $this->saw(replicas: 3, ready: 3, nowSeconds: 90.0);

        self::assertNull($this->bootTime->meanSeconds());
    }

    public function test_what_is_taken_back_is_not_waited_for(): void
    {
        $this->bootTime->asked(2, nowSeconds: 0.0);
        $this->saw(replicas: 0, ready: 0, nowSeconds: 10.0);
        $this->bootTime->asked(1, nowSeconds: 100.0);
        $this->saw(replicas: 1, ready: 1, nowSeconds: 115.0);

        self::assertSame(15.0, $this->bootTime->meanSeconds());
    }

    private function saw(int $replicas, int $ready, float $nowSeconds): void
    {
        $this->bootTime->saw(new Deployment('1', $replicas, $ready, null), $nowSeconds);
    }
}
