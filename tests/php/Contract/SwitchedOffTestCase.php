<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;

/** With either of its switches off QueueMetrics tells of nothing, as if there were no jobs, and says nothing of that. */
abstract class SwitchedOffTestCase extends ContractTestCase
{
    public function test_there_are_no_rows_over_waiting_jobs(): void
    {
        $this->enqueue('emails', jobs: 3);
        $this->work('emails', once: true);
        $this->calculate();

        self::assertSame([], QueueMetrics::getAllQueuesWithMetrics());
        self::assertSame(2, QueueMetrics::getQueueDepth('database', 'emails')->pendingJobs);
    }
}
