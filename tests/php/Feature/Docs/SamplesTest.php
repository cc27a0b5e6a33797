<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Docs;

use App\Jobs\SleepJob;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Http\Client\Request;
use Illuminate\Support\Facades\Http;
use PHPUnit\Framework\Attributes\DataProviderExternal;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Policies\PolicyFactory;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use QueueAutoscale\Tests\Support\DocumentationSamples;
use Symfony\Component\Console\Input\StringInput;
use Symfony\Component\Console\Output\BufferedOutput;

/** What the documentation shows is run as it stands there. */
final class SamplesTest extends FeatureTestCase
{
    private const PROJECT = __DIR__ . '/../../../..';

    /** Marks a sample that shows another package's configuration. */
    private const HORIZONS = "'supervisor-1'";

    /** What `cargo php install` of cargo-php 0.2 knows. */
    private const CARGO_PHP_INSTALL = [
        '--all-features', '--disable', '--features', '--ini-path', '--install-dir', '--manifest', '--no-default-features',
        '--no-smoke-test', '--release', '--yes',
    ];

    /** The documentation gives four digits. */
    private const PRECISION = 1e-4;

    protected function setUp(): void
    {
        parent::setUp();

        foreach (DocumentationSamples::in('php') as [$code]) {
            $class = DocumentationSamples::className($code);

            if ($class !== null && ! class_exists($class)) {
                eval($code);
            }
        }
    }

    /** @return array<string, array{string}> */
    public static function php(): array
    {
        return DocumentationSamples::in('php');
    }

    /** @return array<string, array{string}> */
    public static function shell(): array
    {
        return DocumentationSamples::in('sh');
    }

    #[DataProviderExternal(self::class, 'php')]
    public function test_php(string $code): void
    {
        $class = DocumentationSamples::className($code);

        if ($class !== null) {
            // What a back end is made with.
            $this->app->instance(Configuration::class, Configuration::fromArray([]));
            $this->useClass($this->app->make($class));
        } elseif (DocumentationSamples::isConfiguration($code)) {
            $this->useConfiguration($code);
        } else {
            self::assertNull(eval($code));
            $this->compareValues($code);
        }
    }

    #[DataProviderExternal(self::class, 'shell')]
    public function test_shell(string $code): void
    {
        (new SleepJob(0))->enqueue('emails');

        foreach (explode("\n", trim($code)) as $line) {
            $this->assertCanBeRun(explode(' ', trim($line), 3) + [1 => '', 2 => '']);
        }
    }

    /** @param array{string, string, string} $words the first two, and the rest of the line */
    private function assertCanBeRun(array $words): void
    {
        match ($words[0]) {
            'php', 'vendor/bin/sail' => $this->runArtisan($words[2]),
            'make' => self::assertMatchesRegularExpression("/^{$words[1]}:/m", self::file('Makefile')),
            'vendor/bin/queue-autoscale-build' => self::assertStringContainsString($words[1], self::file('php/src/Installation/BuildCommand.php')),
            'composer' => self::assertSame('require queue-autoscale/laravel', "{$words[1]} {$words[2]}"),
            'kubectl' => self::assertFileExists(self::PROJECT . '/' . str_replace('-f vendor/queue-autoscale/laravel/', '', $words[2])),
            'cargo' => $this->assertCargoKnowsTheFeatures("{$words[1]} {$words[2]}"),
            // What is compiled there has a test of its own.
            'cc' => self::assertFileExists(self::PROJECT . '/include/queue_autoscale.h'),
            'cd' => self::assertStringEndsWith(json_decode(self::file('composer.json'), associative: true)['name'], $words[1]),
            default => self::fail("Nothing tests the sample: {$words[0]}"),
        };
    }

    private function assertCargoKnowsTheFeatures(string $commandLine): void
    {
        preg_match_all('/--features (\S+)/', $commandLine, $features);

        foreach ($features[1] as $feature) {
            self::assertMatchesRegularExpression("/^{$feature} = \\[/m", self::file('Cargo.toml'));
        }

        // Installing a tool of somebody else's is not tried.
        self::assertMatchesRegularExpression('/^(install|php install) /', $commandLine);

        if (str_starts_with($commandLine, 'php install ')) {
            preg_match_all('/ (--[a-z-]+)/', $commandLine, $options);
            self::assertSame([], array_diff($options[1], self::CARGO_PHP_INSTALL));
            self::assertContains('extension', $features[1]);
        }
    }

    /** In the order in which they stand there, from the root of an application whose queue has jobs. */
    private function runArtisan(string $commandLine): void
    {
        if (str_starts_with($commandLine, 'queue:autoscale:install')) {
            // A test of its own installs; here, options that it does not know throw.
            $input = new StringInput(substr($commandLine, strlen('queue:autoscale:install')));
            $commands = $this->app->make(Kernel::class)->all();
            self::assertArrayHasKey('queue:autoscale:install', $commands);
            $commands['queue:autoscale:install']->mergeApplicationDefinition(false);
            $input->bind($commands['queue:autoscale:install']->getDefinition());

            return;
        }

        if (preg_match('/^queue:autoscale( |$)/', $commandLine) === 1) {
            // Else it would run until somebody ends it.
            $commandLine .= ' --once';
        }

        $before = (string) getcwd();
        $output = new BufferedOutput();
        chdir($this->folder->path);
        is_dir('storage') || mkdir('storage');

        try {
            $exitCode = $this->app->make(Kernel::class)->handle(new StringInput($commandLine), $output);

            if (str_contains($commandLine, '--record')) {
                // A recording of one turn has no traffic yet.
                $exitCode += $this->app->make(Kernel::class)->handle(new StringInput($commandLine), $output);
            }
        } finally {
            chdir($before);
        }

        self::assertSame(0, $exitCode, $output->fetch());
    }

    private static function file(string $path): string
    {
        return (string) file_get_contents(self::PROJECT . "/{$path}");
    }

    private function useClass(object $made): void
    {
        if ($made instanceof ScalingStrategyContract) {
            $engine = new ScalingEngine(Configuration::fromArray(['connection' => 'redis', 'queues' => ['emails' => []]]));
            $engine->observe(metrics: [], workers: [], host: null, nowSeconds: 0.0);

            foreach ($engine->forecasts() as $forecast) {
                self::assertGreaterThanOrEqual(0, $made->recommend($forecast)->workers);
            }

            self::assertNotSame([], $engine->forecasts());
        } elseif ($made instanceof ScalingPolicy) {
            self::assertSame('redis:emails', $made->before(Decisions::of())->key());
        } elseif ($made instanceof WorkerBackend) {
            $this->useBackend($made);
        } else {
            self::fail('A sample declares a class that is neither strategy nor policy nor back end: ' . $made::class);
        }
    }

    private function useBackend(WorkerBackend $backend): void
    {
        Http::preventStrayRequests();
        Http::fake(['*/v1/job/mail-workers/scale' => Http::response(['TaskGroups' => ['workers' => ['Desired' => 3, 'Running' => 2]]])]);

        self::assertSame(
            ['redis:emails' => ['connection' => 'redis', 'queues' => 'emails', 'starting' => 1, 'unknown' => 2]],
            $backend->pools(),
        );
        self::assertEquals(new ScaleOutcome(started: 2, stopped: 0), $backend->scale('redis', 'emails', 5));
        Http::assertSent(static fn(Request $request): bool => $request->method() === 'POST' && $request['Count'] === 5);
    }

    private function compareValues(string $code): void
    {
        foreach (DocumentationSamples::valuesGiven($code) as [$statements, $value]) {
            self::assertEqualsWithDelta($value, eval($statements), self::PRECISION, $statements);
        }
    }

    private function useConfiguration(string $code): void
    {
        $values = eval($code);
        self::assertIsArray($values);

        if (str_contains($code, self::HORIZONS)) {
            return;
        }

        $this->app->make('config')->set('queue-autoscale', $values);
        self::assertTrue($this->app->make(ConfigurationFactory::class)->make()->enabled());
        self::assertNotSame([], $this->app->make(PolicyFactory::class)->all());
    }
}
