<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use Illuminate\Cache\ArrayStore;
use Illuminate\Cache\Repository;
use PHPUnit\Framework\Attributes\DataProvider;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Cluster\Lead;
use QueueAutoscale\Laravel\Cluster\Report;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;
use RuntimeException;
use stdClass;

final class ClusterStoreTest extends StoreTestCase
{
    /** Not what every store takes for a key. */
    private const ODD_NAME = "web 1\n\u{1F418}:*";

    #[DataProvider('stores')]
    public function test_an_empty_store_says_nothing(string $store): void
    {
        $shared = self::storeOf($this->cache($store));

        self::assertSame(['lead' => null, 'fence' => 0, 'hosts' => [], 'share' => null], $shared->look('a'));
        self::assertSame(['a' => null, 'b' => null], $shared->reports(['a', 'b']));
        self::assertSame([], $shared->reports([]));
        self::assertSame([], $shared->watch());
    }

    #[DataProvider('stores')]
    public function test_what_is_written_is_read(string $store): void
    {
        $shared = self::storeOf($this->cache($store));
        $report = Report::of(3, 8, new Share(3, 2, []), false, new HostCapacity(4.0, null, 2, 1), [
            'redis:emails' => ['connection' => 'redis', 'queues' => 'emails', 'idle' => 2, 'busy' => 0, 'boot_seconds' => null],
        ]);
        $share = new Share(3, 2, [['redis', 'emails', 4], ['redis', '5', 1]]);
        $lead = new Lead(self::ODD_NAME, 3, 2, 9);

        $shared->putReport(self::ODD_NAME, $report);
        $shared->putShares([self::ODD_NAME => $share, 'b' => new Share(3, 2, [])]);
        $shared->putLead($lead);
        $shared->putWatch([self::ODD_NAME => 0.5]);
        $shared->nextFencingNumber(2);

        $found = $shared->look(self::ODD_NAME);
        self::assertEquals($lead, $found['lead']);
        self::assertEquals($share, $found['share']);
        self::assertSame(3, $found['fence']);
        self::assertEquals([self::ODD_NAME => $report, 'c' => null], $shared->reports([self::ODD_NAME, 'c']));
        self::assertSame([], $shared->shares(['b'])['b']?->workers);
        self::assertSame([self::ODD_NAME => 0.5], $shared->watch());
        self::assertStringContainsString('{"connection":"redis","queues":"emails","idle":2}', $report->body);

        $shared->forgetLead();
        $shared->forgetShare(self::ODD_NAME);
        self::assertNull($shared->look(self::ODD_NAME)['lead']);
        self::assertNull($shared->look(self::ODD_NAME)['share']);
    }

    #[DataProvider('stores')]
    public function test_hosts_join_and_leave_one_list(string $store): void
    {
        $shared = self::storeOf($this->cache($store));
        $shared->updateHosts(['b']);
        $shared->updateHosts(['a', '7']);
        $shared->updateHosts(['b'], ['a']);

        self::assertSame(['7', 'b'], $shared->look('a')['hosts']);
    }

    public function test_another_application_in_the_same_store_is_not_met(): void
    {
        $cache = $this->cache('array');
        $ours = self::storeOf($cache);
        $theirs = self::storeOf($cache, 'another one');

        $ours->updateHosts(['a']);
        $ours->putLead(new Lead('a', 3, 1, 1));
        $ours->nextFencingNumber(7);

        self::assertSame(['lead' => null, 'fence' => 0, 'hosts' => [], 'share' => null], $theirs->look('a'));
        self::assertTrue($ours->leaderLock('a', 10)->get());
        self::assertTrue($theirs->leaderLock('b', 10)->get());
    }

    /** @return iterable<string, array{mixed}> */
    public static function junk(): iterable
    {
        yield 'text' => ['junk'];
        yield 'a number' => [7];
        yield 'a list of texts' => [['a', 'b', 'c', 'd', 'e']];
        yield 'names' => [['a' => 1, 'b' => 2, 'c' => 3]];
        yield 'a share with a row of texts' => [[1, 1, '[["redis","emails","five"]]']];
        yield 'a share with a negative row' => [[1, 1, '[["redis","emails",-1]]']];
        yield 'a share that is no JSON' => [[1, 1, '[[']];
        yield 'numbers beyond all counting' => [[PHP_INT_MAX, PHP_INT_MAX, PHP_INT_MAX, PHP_INT_MAX]];
        yield 'an object' => [new stdClass()];
    }

    #[DataProvider('junk')]
    public function test_whatever_else_stands_in_the_store_is_nothing(mixed $junk): void
    {
        $repository = new Repository(new class ($junk) extends ArrayStore {
            public function __construct(private readonly mixed $junk)
            {
                parent::__construct();
            }

            public function many(array $keys): array
            {
                return array_fill_keys($keys, $this->junk);
            }

            public function get($key): mixed
            {
                return $this->junk;
            }
        });
        $shared = self::storeOf($repository);

        $found = $shared->look('a');
        self::assertNull($found['lead']);
        self::assertNull($found['share']);
        self::assertSame(['a' => null], $shared->reports(['a']));
        array_map(self::assertIsString(...), $found['hosts']);
        array_map(self::assertIsFloat(...), $shared->watch());
        self::assertSame(is_int($junk) ? $junk : 0, $found['fence']);
    }

    public function test_a_fencing_number_that_nobody_counted_up_to_does_not_end_all_leading(): void
    {
        $cache = $this->cache('array');
        $shared = self::storeOf($cache);
        self::assertSame(4, $shared->nextFencingNumber(3));
        $fence = array_key_first(array_filter(
            $cache->getStore()->all(false),
            static fn(mixed $item, string $key): bool => str_ends_with($key, ':fence'),
            ARRAY_FILTER_USE_BOTH,
        ));
        self::assertIsString($fence);
        $cache->forever($fence, PHP_INT_MAX);

        self::assertSame(5, $shared->nextFencingNumber(4));
        self::assertSame(5, $shared->look('a')['fence']);
    }

    public function test_a_store_that_fails_is_told_apart_from_one_that_is_empty(): void
    {
        $failing = new Repository(new class extends \Illuminate\Cache\ArrayStore {
            public function many(array $keys): array
            {
                throw new RuntimeException('read error on connection');
            }
        });

        $this->expectException(StoreUnavailable::class);
        $this->expectExceptionMessage('read error on connection');
        self::storeOf($failing)->look('a');
    }

    public function test_a_store_without_locks_is_refused(): void
    {
        $this->expectExceptionMessage('cluster.store: the store "test" has no atomic locks');

        self::storeOf(new Repository(new class implements \Illuminate\Contracts\Cache\Store {
            public function get($key)
            {
                return null;
            }

            public function many(array $keys)
            {
                return [];
            }

            public function put($key, $value, $seconds)
            {
                return true;
            }

            public function putMany(array $values, $seconds)
            {
                return true;
            }

            public function increment($key, $value = 1)
            {
                return 1;
            }

            public function decrement($key, $value = 1)
            {
                return 1;
            }

            public function forever($key, $value)
            {
                return true;
            }

            public function touch($key, $seconds)
            {
                return true;
            }

            public function forget($key)
            {
                return true;
            }

            public function flush()
            {
                return true;
            }

            public function getPrefix()
            {
                return '';
            }
        }), 'none');
    }
}
