<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use App\Jobs\SleepJob;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Support\ServiceProvider;
use QueueAutoscale\Laravel\QueueAutoscaleServiceProvider;

final class TestApplicationTest extends FeatureTestCase
{
    public function test_the_package_is_discovered_by_laravel_itself(): void
    {
        self::assertArrayHasKey('queue:autoscale', $this->app->make(Kernel::class)->all());
    }

    public function test_the_configuration_can_be_published(): void
    {
        $paths = ServiceProvider::pathsToPublish(QueueAutoscaleServiceProvider::class, 'queue-autoscale-config');

        self::assertSame([config_path('queue-autoscale.php')], array_values($paths));
        self::assertFileExists(array_keys($paths)[0]);
    }

    public function test_the_metrics_show_a_queue_from_its_first_job_on(): void
    {
        self::assertSame([], QueueMetrics::getAllQueuesWithMetrics());

        (new SleepJob(0))->enqueue('emails');

        $row = QueueMetrics::getAllQueuesWithMetrics()['database:emails'];
        self::assertSame(1, $row['depth']['pending']);
        self::assertSame(0.0, $row['performance_60s']['throughput_per_minute']);
    }
}
