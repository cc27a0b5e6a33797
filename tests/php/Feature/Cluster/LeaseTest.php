<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use Illuminate\Cache\Repository;
use PHPUnit\Framework\Attributes\DataProvider;
use QueueAutoscale\Laravel\Cluster\Lease;

final class LeaseTest extends StoreTestCase
{
    private const SECONDS = 60;

    #[DataProvider('stores')]
    public function test_one_holds_it_at_a_time_and_each_gets_a_higher_number(string $store): void
    {
        $cache = $this->cache($store);
        [$a, $b] = [self::lease($cache, 'a'), self::lease($cache, 'b')];

        self::assertTrue($a->acquire(0));
        self::assertFalse($b->acquire(0));
        self::assertFalse($b->isHeld());
        $first = $a->fencingNumber();
        $a->release();
        self::assertFalse($a->isHeld());
        self::assertTrue($b->acquire(0));
        self::assertGreaterThan($first, $b->fencingNumber());
    }

    #[DataProvider('stores')]
    public function test_its_holder_renews_it_and_notices_when_it_is_lost(string $store): void
    {
        $cache = $this->cache($store);
        [$a, $b] = [self::lease($cache, 'a'), self::lease($cache, 'b')];
        $a->acquire(0);

        self::assertTrue($a->renew());
        self::assertTrue($a->renew());
        self::assertFalse($b->acquire(0));

        self::assertTrue($b->acquire(0, byForce: true));
        self::assertFalse($a->renew());
        self::assertFalse($a->isHeld());
        self::assertFalse($a->renew());
        self::assertTrue($b->renew());
    }

    #[DataProvider('stores')]
    public function test_the_number_is_above_all_that_were_seen_even_where_the_store_has_forgotten(string $store): void
    {
        $cache = $this->cache($store);
        $a = self::lease($cache, 'a');
        $a->acquire(41);
        self::assertGreaterThan(41, $a->fencingNumber());

        $cache->flush();
        $b = self::lease($cache, 'b');
        self::assertTrue($b->acquire(0, byForce: true));
        $number = $b->fencingNumber();
        self::assertLessThan(41, $number);

        // A host tells what it has seen.
        $b->raiseTo(42);
        self::assertGreaterThan(42, $b->fencingNumber());
        $raised = $b->fencingNumber();
        $b->raiseTo($raised);
        self::assertSame($raised, $b->fencingNumber());
    }

    #[DataProvider('stores')]
    public function test_no_number_is_given_twice(string $store): void
    {
        $shared = self::storeOf($this->cache($store));
        $numbers = array_map(static fn(int $floor): int => $shared->nextFencingNumber($floor), [0, 5, 5, 0, 9, 3]);

        self::assertSame($numbers, array_unique($numbers));
        self::assertGreaterThan(9, $numbers[4]);
    }

    private static function lease(Repository $cache, string $host): Lease
    {
        return new Lease(self::storeOf($cache), $host, self::SECONDS);
    }
}
