<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Config\QueueSelection;

final class QueueSelectionTest extends TestCase
{
    private const CONNECTIONS = ['redis', 'database', 'redis:eu'];

    private const QUEUES = ['emails', 'tenant-1', 'eu:emails', 'redis:emails', 'a*b'];

    /** @return iterable<string, array{string}> */
    public static function names(): iterable
    {
        foreach (['emails', 'redis:emails', 'database:emails', 'redis:eu:emails', 'tenant-*', 'redis*:tenant-*', '*:emails', 'em*ls', '*'] as $name) {
            yield $name => [$name];
        }
    }

    #[DataProvider('names')]
    public function test_a_name_selects_the_queues_that_the_configuration_means_by_it(string $name): void
    {
        $configuration = Configuration::fromArray(['connection' => 'redis', 'connections' => self::CONNECTIONS, 'excluded' => [$name]]);
        $selection = new QueueSelection([$name], 'redis', self::CONNECTIONS);

        foreach (self::CONNECTIONS as $connection) {
            foreach (self::QUEUES as $queue) {
                self::assertSame(
                    $configuration->poolOf($connection, $queue) === null,
                    $selection->contains($connection, $queue),
                    "{$connection}:{$queue}",
                );
            }
        }
    }

    public function test_a_pool_of_several_queues_is_selected_by_each_and_by_all(): void
    {
        $contains = static fn(string $name): bool => (new QueueSelection([$name], 'redis', []))->contains('redis', 'high,low');

        self::assertSame([true, true, true, false], array_map($contains, ['high', 'low', 'high,low', 'default']));
    }

    public function test_it_tells_the_names_that_select_nothing(): void
    {
        $selection = new QueueSelection(['emails', 'emial', 'tenant-*'], 'redis', []);

        self::assertSame(['emial', 'tenant-*'], $selection->namesOfNone([['redis', 'emails'], ['redis', 'reports']]));
        self::assertSame([], QueueSelection::all()->namesOfNone([]));
    }
}
