<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use Illuminate\Contracts\Console\Kernel;
use Illuminate\Foundation\Application;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Facade;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Tests\Support\ApplicationFolder;
use QueueAutoscale\Tests\Support\Artisan;

/** Runs the real test application inside the test's own process. */
abstract class FeatureTestCase extends TestCase
{
    protected Application $app;

    protected ApplicationFolder $folder;

    protected function setUp(): void
    {
        $this->folder = new ApplicationFolder();
        $_ENV = [...$_ENV, ...$this->folder->environment(), 'CACHE_STORE' => 'array'];

        defined('LARAVEL_START') || define('LARAVEL_START', microtime(true));
        $this->app = require Artisan::APPLICATION . '/bootstrap/app.php';
        $this->app->make(Kernel::class)->bootstrap();
        $this->artisan('demo:prepare');
    }

    protected function tearDown(): void
    {
        Carbon::setTestNow();
        $this->app->flush();
        Facade::clearResolvedInstances();
        restore_error_handler();
        restore_exception_handler();
        $this->folder->remove();
    }

    /**
     * @param array<string, mixed> $parameters
     * @return array{int, string} exit code and output
     */
    protected function artisan(string $command, array $parameters = []): array
    {
        $kernel = $this->app->make(Kernel::class);
        $exitCode = $kernel->call($command, $parameters);

        return [$exitCode, $kernel->output()];
    }

    /** @param array<string, mixed> $values by key, for example `queues.emails.max_workers` */
    protected function configure(array $values): void
    {
        foreach ($values as $key => $value) {
            config()->set("queue-autoscale.{$key}", $value);
        }
    }
}
