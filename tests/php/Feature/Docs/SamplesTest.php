<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Docs;

use Illuminate\Contracts\Console\Kernel;
use PHPUnit\Framework\Attributes\DataProviderExternal;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Policies\PolicyFactory;
use QueueAutoscale\ScalingEngine;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use QueueAutoscale\Tests\Support\DocumentationSamples;
use Symfony\Component\Console\Input\StringInput;

/** What the documentation shows is run as it stands there. */
final class SamplesTest extends FeatureTestCase
{
    /** Marks a sample that shows another package's configuration. */
    private const HORIZONS = "'supervisor-1'";

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
            $this->useClass($this->app->make($class));
        } elseif (DocumentationSamples::isConfiguration($code)) {
            $this->useConfiguration($code);
        } else {
            self::assertNull(eval($code));
            $this->compareValues($code);
        }
    }

    #[DataProviderExternal(self::class, 'shell')]
    public function test_commands_and_their_options_exist(string $code): void
    {
        preg_match_all('/php artisan (\S+)(.*)$/m', $code, $commands, PREG_SET_ORDER);
        $known = $this->app->make(Kernel::class)->all();

        foreach ($commands as [, $name, $arguments]) {
            self::assertArrayHasKey($name, $known);
            $command = $known[$name];
            $command->mergeApplicationDefinition();
            // Throws at what the command does not know.
            (new StringInput(trim("{$name} {$arguments}")))->bind($command->getDefinition());
        }

        $this->expectNotToPerformAssertionsUnless($commands !== []);
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
        } else {
            self::fail('A sample declares a class that is neither strategy nor policy: ' . $made::class);
        }
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

    private function expectNotToPerformAssertionsUnless(bool $hasAsserted): void
    {
        if (! $hasAsserted) {
            $this->expectNotToPerformAssertions();
        }
    }
}
