<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use Error;
use InvalidArgumentException;
use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidConfiguration;
use QueueAutoscale\Exception\QueueAutoscaleException;
use stdClass;

final class ConfigurationTest extends TestCase
{
    #[Test]
    public function the_published_configuration_is_valid(): void
    {
        $configuration = Configuration::fromArray(require __DIR__ . '/../../../php/config/queue-autoscale.php');

        self::assertTrue($configuration->enabled());
        self::assertSame(5.0, $configuration->intervalSeconds());
        self::assertSame([], $configuration->pools());
        self::assertSame([], $configuration->warnings());
    }

    #[Test]
    public function the_published_configuration_names_the_defaults(): void
    {
        $published = Configuration::fromArray(require __DIR__ . '/../../../php/config/queue-autoscale.php');

        self::assertSame(Configuration::fromArray([])->toArray(), $published->toArray());
    }

    #[Test]
    public function empty_lists_stand_for_empty_sections(): void
    {
        $configuration = Configuration::fromArray(['queues' => [], 'groups' => [], 'workers' => ['environment' => []]]);

        self::assertSame(10, $configuration->poolSettings('redis', 'any')['max_workers']);
    }

    #[Test]
    public function all_errors_come_at_once_and_each_names_its_key(): void
    {
        try {
            Configuration::fromArray([
                'queues' => ['redis:emails' => ['min_workers' => 5, 'max_workers' => 3]],
                'manger' => [],
                'defaults' => ['weight' => NAN, 'max_pickup_time_seconds' => -30],
            ]);
            self::fail('It was accepted.');
        } catch (InvalidConfiguration $invalid) {
            self::assertSame([
                'defaults.max_pickup_time_seconds: -30 is not allowed; give a number above 0, at most 31536000',
                'defaults.weight: "NaN" is not allowed; give a number from 0.001 to 1000',
                'manger: unknown key; did you mean "manager"?',
                'queues.redis:emails.min_workers: 5 is more than max_workers (3); lower it or raise max_workers',
            ], $invalid->errors());
            self::assertSame(implode("\n", $invalid->errors()), $invalid->getMessage());
        }
    }

    #[Test]
    public function an_exception_knows_where_it_was_thrown_and_what_it_is(): void
    {
        try {
            $line = __LINE__ + 1;
            Configuration::fromArray(['enabled' => 'maybe']);
            self::fail('It was accepted.');
        } catch (QueueAutoscaleException $thrown) {
            self::assertInstanceOf(InvalidConfiguration::class, $thrown);
            self::assertInstanceOf(InvalidArgumentException::class, $thrown);
            self::assertSame([__FILE__, $line], [$thrown->getFile(), $thrown->getLine()]);
            self::assertSame(__FUNCTION__, $thrown->getTrace()[1]['function']);
        }
    }

    #[Test]
    public function a_key_with_odd_characters_cannot_break_the_list_of_errors(): void
    {
        try {
            Configuration::fromArray(["line\nbreak" => 1, "nul\0byte" => 2]);
            self::fail('It was accepted.');
        } catch (InvalidConfiguration $invalid) {
            self::assertCount(2, $invalid->errors());
            self::assertStringStartsWith('line\nbreak: unknown key', $invalid->errors()[0]);
        }
    }

    #[Test]
    public function a_value_that_is_no_plain_value_is_an_error_with_its_path(): void
    {
        $endless = [];
        $endless['queues'] = &$endless;

        foreach ([['strategy' => new stdClass()], ['workers' => ['options' => [static fn() => 1]]], $endless] as $config) {
            try {
                Configuration::fromArray($config);
                self::fail('It was accepted.');
            } catch (InvalidConfiguration $invalid) {
                self::assertNotSame([], $invalid->errors());
            }
        }
    }

    #[Test]
    public function a_queue_belongs_to_a_pool_unless_nobody_works_it(): void
    {
        $configuration = Configuration::fromArray([
            'connection' => 'database',
            'queues' => ['emails' => []],
            'groups' => ['web' => ['connection' => 'redis', 'queues' => ['high', 'default']]],
            'excluded' => ['legacy-*'],
        ]);

        self::assertSame('redis:high,default', $configuration->poolOf('redis', 'default'));
        self::assertSame('database:emails', $configuration->poolOf('database', 'emails'));
        self::assertNull($configuration->poolOf('database', 'legacy-7'));
        self::assertSame([
            ['connection' => 'redis', 'queues' => 'high,default'],
            ['connection' => 'database', 'queues' => 'emails'],
        ], $configuration->pools());
    }

    #[Test]
    public function the_settings_of_a_pool_have_the_keys_of_the_configuration(): void
    {
        $configuration = Configuration::fromArray([
            'queues' => ['pay' => ['profile' => 'critical', 'workers' => ['timeout' => 90]]],
            'strategy' => 'App\Nightly',
        ]);
        $settings = $configuration->poolSettings('redis', 'pay');

        self::assertSame(10.0, $settings['max_pickup_time_seconds']);
        self::assertSame(90, $settings['workers']['timeout']);
        self::assertSame('App\Nightly', $settings['strategy']);
    }

    #[Test]
    public function its_array_form_makes_the_same_configuration(): void
    {
        $configuration = Configuration::fromArray([
            'connection' => 'database',
            'queues' => ['a' => ['profile' => 'bursty'], '*:t-*' => ['weight' => 2]],
            'groups' => ['g' => ['queues' => ['x', 'y'], 'min_workers' => 1]],
            'excluded' => ['z*'],
            'limits' => ['max_total_workers' => 9],
        ]);

        self::assertSame($configuration->toArray(), Configuration::fromArray($configuration->toArray())->toArray());
    }

    #[Test]
    public function it_is_made_from_an_array_alone(): void
    {
        $this->expectException(Error::class);

        new Configuration();
    }
}
