<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Predis\Client;

/** QueueMetrics looks for its keys in a way that phpredis alone knows, and Laravel has one client for all connections to Redis. */
final class PredisTest extends ContractTestCase
{
    public function test_with_predis_reading_throws(): void
    {
        if (! class_exists(Client::class)) {
            self::markTestSkipped('Predis is not installed.');
        }

        $this->enqueue('emails', 'redis');

        $this->expectExceptionMessageMatches('/_PREFIX/i');

        QueueMetrics::getAllQueuesWithMetrics();
    }

    protected function environment(): array
    {
        return [...parent::environment(), 'REDIS_CLIENT' => 'predis'];
    }
}
