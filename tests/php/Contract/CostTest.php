<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;

/** What a reading asks for, through contracts that may be decorated in the container before anything is resolved. */
final class CostTest extends ContractTestCase
{
    private Readings $readings;

    public function test_each_row_asks_for_its_depth_three_times_and_for_all_workers_again(): void
    {
        $this->enqueue('waiting');
        $this->enqueue('done');
        $this->work('done');
        $this->readings->workers = 0;
        $this->readings->depths = [];

        QueueMetrics::getAllQueuesWithMetrics();

        self::assertSame(['done' => 3, 'waiting' => 3], $this->sorted($this->readings->depths));
        // Of the workers twice where something waits.
        self::assertSame(3, $this->readings->workers);
    }

    protected function beforeBoot(): void
    {
        $this->readings = new Readings();
        $this->app->extend(
            QueueInspector::class,
            fn(QueueInspector $real): QueueInspector => new CountedInspector($real, $this->readings),
        );
        $this->app->extend(
            WorkerHeartbeatRepository::class,
            fn(WorkerHeartbeatRepository $real): WorkerHeartbeatRepository => new CountedHeartbeats($real, $this->readings),
        );
    }

    /**
     * @param array<string, int> $counts
     * @return array<string, int>
     */
    private function sorted(array $counts): array
    {
        ksort($counts);

        return $counts;
    }
}
