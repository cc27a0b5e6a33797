<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

final class ClusterTest extends ClusterTestCase
{
    public function test_hosts_share_the_workers_and_take_over_from_one_that_leaves_or_dies(): void
    {
        $this->startHost('a');
        $this->startHost('b');
        $this->startHost('c');
        $this->watchUntilSettled('a', 'b', 'c');
        $first = $this->history->fencingNumber();
        $settledAt = self::now();

        // Nothing happens without need.
        $this->watchFor(2 * self::INTERVAL_SECONDS);
        self::assertSame(self::WORKERS, $this->history->mostWorkersSince($settledAt));
        self::assertSame(0.0, $this->history->longestBelow(self::WORKERS, $settledAt));

        $leaving = $this->follower();
        $leaving->manager->signal(SIGTERM);
        self::assertSame(0, $leaving->manager->exitCode());
        $others = array_diff(['a', 'b', 'c'], [$leaving->name]);
        $this->watchUntilSettled(...$others);
        self::assertSame($first, $this->history->fencingNumber(), 'Whoever leads leads on.');

        $killedAt = self::now();
        $killed = $this->leader();
        $killed->manager->signal(SIGKILL);
        $this->watchUntilSettled(...array_diff($others, [$killed->name]));

        self::assertGreaterThan($first, $this->history->fencingNumber());
        self::assertLessThan(
            self::LEASE_SECONDS + self::INTERVAL_SECONDS + self::MARGIN_SECONDS,
            $this->history->longestBelow(self::WORKERS, $killedAt),
        );
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($killedAt));
        $this->assertOneLeaderAnEpoch();
    }

    public function test_a_leader_that_was_frozen_until_its_lock_ran_out_is_a_follower_when_it_wakes(): void
    {
        $this->startHost('a');
        $this->startHost('b');
        $this->watchUntilSettled('a', 'b');
        $frozen = $this->leader();
        $number = $this->history->fencingNumber();

        $frozen->manager->signal(SIGSTOP);
        $this->watchUntil(fn(): bool => $this->history->fencingNumber() > $number, 'another one to lead');
        $leader = $this->leader()->name;
        self::assertNotSame($frozen->name, $leader);

        $frozen->manager->signal(SIGCONT);
        $this->watchUntil(static fn(): bool => $frozen->leaderItTells() === $leader, 'it to tell who leads');
        $this->watchUntilSettled('a', 'b');
        self::assertSame($leader, $this->leader()->name);
        $this->assertOneLeaderAnEpoch();
    }
}
