<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use App\Records\RecordFile;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Foundation\Application;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Facade;
use PHPUnit\Framework\TestCase;
use Symfony\Component\Console\Output\BufferedOutput;

/** Boots the real test application inside the test's own process, on files of its own. */
abstract class ApplicationTestCase extends TestCase
{
    protected Application $app;

    protected ApplicationFolder $folder;

    /** @var array<string, mixed> */
    private array $environmentBefore;

    /** @var array<string, mixed> */
    private array $serverBefore;

    protected function setUp(): void
    {
        $this->folder ??= new ApplicationFolder();
        $this->environmentBefore = $_ENV;
        $this->serverBefore = $_SERVER;
        $this->boot($this->environment());
        $this->artisan('demo:prepare');
    }

    protected function tearDown(): void
    {
        $this->shutDown();
        $this->folder->remove();
    }

    /** @return array<string, string> the application's environment, for this process and for those that it starts */
    protected function environment(): array
    {
        return $this->folder->environment();
    }

    /** @param array<string, string> $environment */
    private function boot(array $environment): void
    {
        // Laravel looks into both, and what the tests' own process was started with stands in the second.
        $_ENV = [...$this->environmentBefore, ...$environment];
        $_SERVER = [...$this->serverBefore, ...$environment];

        defined('LARAVEL_START') || define('LARAVEL_START', microtime(true));
        $this->app = require Artisan::APPLICATION . '/bootstrap/app.php';
        $this->beforeBoot();
        $this->app->make(Kernel::class)->bootstrap();
    }

    /** Where a test changes what providers find. */
    protected function beforeBoot(): void
    {
    }

    /**
     * @param array<string, mixed> $parameters
     * @return array{int, string} exit code and output
     */
    final protected function artisan(string $command, array $parameters = []): array
    {
        // Of its own, as commands may run inside one another.
        $output = new BufferedOutput();
        $exitCode = $this->app->make(Kernel::class)->call($command, $parameters, $output);

        return [$exitCode, $output->fetch()];
    }

    final protected function records(): RecordFile
    {
        return $this->app->make(RecordFile::class);
    }

    private function shutDown(): void
    {
        Carbon::setTestNow();
        $this->app->flush();
        Facade::clearResolvedInstances();
        restore_error_handler();
        restore_exception_handler();
        $_ENV = $this->environmentBefore;
        $_SERVER = $this->serverBefore;
    }
}
