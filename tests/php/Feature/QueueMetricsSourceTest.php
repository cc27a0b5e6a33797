<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use App\Jobs\SleepJob;
use Illuminate\Support\Facades\Artisan;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Metrics\QueueMetricsSource;

final class QueueMetricsSourceTest extends FeatureTestCase
{
    public function test_it_moves_the_window_of_the_last_minute_on_before_it_reads(): void
    {
        (new SleepJob(0))->enqueue('emails');
        $source = $this->app->make(QueueMetricsSource::class);
        self::assertSame(0.0, $source->read()['database:emails']['performance_60s']['throughput_per_minute']);

        Artisan::call('queue:work', ['--queue' => 'emails', '--once' => true]);

        self::assertSame(1.0, $source->read()['database:emails']['performance_60s']['throughput_per_minute']);
    }

    public function test_whatever_goes_wrong_is_unavailable_metrics_with_its_cause(): void
    {
        config()->set('queue-metrics.storage.connection', 'nowhere');
        $source = $this->app->make(QueueMetricsSource::class);

        $this->expectException(MetricsUnavailable::class);
        $this->expectExceptionMessageMatches(
            '/^QueueMetrics cannot be read \(.*Redis connection \[nowhere\] not configured.*\); the workers stay as they are\.$/',
        );

        $source->read();
    }

    protected function environment(): array
    {
        return [...parent::environment(), 'STAND_IN_NEEDS_REDIS' => 'true'];
    }
}
