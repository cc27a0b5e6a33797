<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use PHPUnit\Framework\Attributes\Group;

#[Group('binding')]
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

    public function test_a_worker_that_finds_no_job_leaves_before_the_next_decision(): void
    {
        // It ends when the host has looked once more, after 6 s, and long before the next decision.
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(7.0));
        $manager = $this->startManager(
            [
                'queues' => ['emails' => ['max_pickup_time_seconds' => 3600]],
                'cluster' => ['enabled' => true, 'host' => 'a', 'store' => 'redis', 'lease_seconds' => 72],
            ],
            ['--interval=24'],
        );

        $this->waitUntilAllJobsAreDone($manager);
        $this->watchUntil(fn(): bool => $this->workers() === [], 'the worker to leave', withinSeconds: 8.0);

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
    }
}
