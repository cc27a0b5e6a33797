<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use QueueAutoscale\Tests\Support\Wait;

/** How long QueueMetrics knows a queue. */
final class ExpiryTest extends ContractTestCase
{
    private const TTL_SECONDS = 2;

    public function test_a_queue_of_which_nothing_is_heard_is_forgotten_whatever_waits_in_it(): void
    {
        $this->enqueue('emails', jobs: 3);
        self::assertSame(3, $this->row('database:emails')['depth']['pending']);

        $this->waitUntilForgotten('database:emails');

        self::assertSame(3, QueueMetrics::getQueueDepth('database', 'emails')->pendingJobs);
    }

    public function test_a_job_that_starts_or_ends_keeps_its_queue_and_another_dispatch_brings_it_back(): void
    {
        $this->enqueue('emails', jobs: 2);
        $this->waitUntilForgotten('database:emails');

        $this->work('emails', once: true);
        self::assertSame(1, $this->row('database:emails')['depth']['pending']);

        $this->waitUntilForgotten('database:emails');
        $this->enqueue('emails');
        self::assertSame(2, $this->row('database:emails')['depth']['pending']);
    }

    public function test_what_was_counted_of_a_forgotten_queue_is_forgotten(): void
    {
        $this->enqueue('emails', jobs: 2);
        $this->work('emails');
        $this->calculate();
        self::assertSame(2.0, $this->row('database:emails')['performance_60s']['throughput_per_minute']);

        $this->waitUntilForgotten('database:emails');
        $this->calculate();
        $this->enqueue('emails');

        self::assertSame(0.0, $this->row('database:emails')['performance_60s']['throughput_per_minute']);
    }

    protected function environment(): array
    {
        return [...parent::environment(), 'QUEUE_METRICS_TTL_RAW' => (string) self::TTL_SECONDS];
    }

    private function waitUntilForgotten(string $key): void
    {
        Wait::until(fn(): bool => $this->row($key) === [], 5 * self::TTL_SECONDS, "{$key} to be forgotten");
    }
}
