<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Cluster\HostWatch;
use QueueAutoscale\Laravel\Cluster\Report;

/** No clock but the reader's own says who is there. */
final class HostWatchTest extends TestCase
{
    private const LEASE_SECONDS = 10.0;

    public function test_a_host_that_says_nothing_new_for_a_lease_is_gone(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);

        foreach (range(0, 10) as $second) {
            $watch->hear(['a' => self::report($second), 'b' => self::report(7)], (float) $second);
            self::assertSame(['a', 'b'], array_keys($watch->present((float) $second)));
        }

        $watch->hear(['a' => self::report(11), 'b' => self::report(7)], 11.0);
        self::assertSame(['a'], array_keys($watch->present(11.0)));
        self::assertSame(['b'], $watch->forgetGone(11.0));

        // It was only slow.
        $watch->hear(['a' => self::report(12), 'b' => self::report(8)], 12.0);
        self::assertSame(['a', 'b'], array_keys($watch->present(12.0)));
    }

    public function test_a_store_that_was_emptied_takes_no_host_away_before_its_lease_is_over(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);
        $watch->hear(['a' => self::report(1)], 0.0);

        foreach (range(1, 10) as $second) {
            $watch->hear(['a' => null], (float) $second);
            self::assertSame(1, $watch->present((float) $second)['a']->beat);
            self::assertFalse($watch->isIncomplete((float) $second));
        }

        $watch->hear(['a' => null], 11.0);
        self::assertSame([], $watch->present(11.0));
    }

    public function test_who_could_not_listen_judges_nobody_by_the_silence(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);
        $watch->hear(['a' => self::report(1)], 0.0);
        // Suspended, or without the store; the others could not write either.
        $watch->hear(['a' => self::report(1)], 60.0);
        self::assertSame(['a'], array_keys($watch->present(60.0)));

        foreach (range(61, 68) as $second) {
            $watch->hear(['a' => self::report(1)], (float) $second);
        }

        self::assertSame([], $watch->present(68.0), 'from then on it is silent');
    }

    public function test_a_host_that_is_known_but_was_never_heard_of_is_waited_for(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);
        $watch->hear(['a' => self::report(1), 'b' => null], 0.0);
        self::assertTrue($watch->isIncomplete(9.0));
        self::assertFalse($watch->isIncomplete(11.0));
    }

    public function test_a_host_that_says_that_it_leaves_is_gone_at_once(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);
        $watch->hear(['a' => self::report(1)], 0.0);
        $watch->hear(['a' => Report::last(0, 2)], 1.0);
        self::assertSame([], $watch->present(1.0));
        self::assertSame(['a'], $watch->forgetGone(1.0));
    }

    public function test_who_takes_over_soon_knows_who_died_with_the_one_before(): void
    {
        $watch = new HostWatch(self::LEASE_SECONDS);
        $watch->takeOver(2.0);
        $watch->hear(['dead' => self::report(5), 'alive' => self::report(9)], 100.0);
        self::assertSame(['dead', 'alive'], array_keys($watch->present(101.0)));

        $watch->hear(['dead' => self::report(5), 'alive' => self::report(10), 'new' => self::report(1)], 102.5);
        self::assertSame(['alive', 'new'], array_keys($watch->present(102.5)));
        self::assertSame(['dead'], $watch->forgetGone(102.5));
        self::assertSame(['alive', 'new'], array_keys($watch->present(112.5)), 'from then on a lease counts');
    }

    private static function report(int $beat): Report
    {
        return Report::fromArray([0, $beat, false, '{}']) ?? throw new \LogicException('no report');
    }
}
