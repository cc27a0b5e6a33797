<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use Illuminate\Cache\Repository;
use PHPUnit\Framework\Attributes\DataProvider;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Cluster\ClusterStore;
use QueueAutoscale\Laravel\Cluster\Lead;
use QueueAutoscale\Laravel\Cluster\Report;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;
use RuntimeException;

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
        $this->expectExceptionMessage('cluster.store: the store "none" has no atomic locks');

        ClusterStore::of(new Repository(new class implements \Illuminate\Contracts\Cache\Store {
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
