<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

use App\Dispatching\Way;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use PHPUnit\Framework\Attributes\DataProvider;

/** Which ways of putting a job on a queue, in which drivers, make QueueMetrics show that queue. */
final class HearingTest extends ContractTestCase
{
    /** Of these Laravel itself tells nobody. */
    private const UNHEARD = [
        'redis' => [Way::PushRaw],
        'database' => [Way::PushRaw, Way::Bulk, Way::Batch],
    ];

    /** @return iterable<string, array{string, Way}> */
    public static function cells(): iterable
    {
        foreach (array_keys(self::UNHEARD) as $connection) {
            foreach (Way::cases() as $way) {
                yield "{$way->value} on {$connection}" => [$connection, $way];
            }
        }
    }

    #[DataProvider('cells')]
    public function test_a_queue_shows_from_its_first_job_on_where_laravel_tells_of_it(string $connection, Way $way): void
    {
        if (! $way->exists()) {
            self::markTestSkipped('This Laravel does not have it.');
        }

        $queue = $way->queue('never-used');
        $way->send($connection, $queue, 'mark');

        $depth = QueueMetrics::getQueueDepth($connection, $queue);
        self::assertSame(1, $depth->totalJobs(), 'Asked by name, it is told.');

        $rows = QueueMetrics::getAllQueuesWithMetrics();

        if (in_array($way, self::UNHEARD[$connection], true)) {
            self::assertSame([], $rows);
        } else {
            self::assertSame(["{$connection}:{$queue}"], array_keys($rows));
            self::assertSame(1, $rows["{$connection}:{$queue}"]['depth']['total']);
        }
    }
}
