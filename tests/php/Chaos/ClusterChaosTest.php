<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Chaos;

use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Tests\EndToEnd\ClusterTestCase;
use QueueAutoscale\Tests\Support\ClusterHost;
use Random\Engine\Mt19937;
use Random\Randomizer;

/**
 * Five hosts on one Redis, while they die, freeze, lose Redis and come back. QUEUE_AUTOSCALE_CHAOS=long runs it, and prints how
 * long the recovery took.
 */
final class ClusterChaosTest extends ClusterTestCase
{
    private const HOSTS = ['a', 'b', 'c', 'd', 'e'];

    protected const WORKERS = 10;

    /** How long a lease and a turn may take until what is missing runs elsewhere, a process's start included. */
    private const RECOVERY_SECONDS = self::LEASE_SECONDS + self::INTERVAL_SECONDS + self::MARGIN_SECONDS;

    /** How much a clock is wrong; two of them that are wrong both ways still differ by less than what the store keeps its keys for. */
    private const CLOCK_SECONDS = 3_000;

    protected function setUp(): void
    {
        if (getenv('QUEUE_AUTOSCALE_CHAOS') !== 'long') {
            self::markTestSkipped('QUEUE_AUTOSCALE_CHAOS=long runs it.');
        }

        parent::setUp();
    }

    public function test_followers_are_killed_and_come_back(): void
    {
        $this->startAll();
        $number = $this->history->fencingNumber();
        $victims = array_slice($this->followers(), 0, 2);
        $killedAt = self::now();

        foreach ($victims as $victim) {
            $this->hosts[$victim]->manager->signal(SIGKILL);
        }

        $this->watchUntilSettled(...array_diff(self::HOSTS, $victims));
        $this->assertRecovered('two followers killed', $killedAt);
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($killedAt), $this->told($killedAt));

        $backAt = self::now();
        array_map($this->restartHost(...), $victims);
        $this->watchFor(self::LEASE_SECONDS);
        $this->watchUntilSettled(...self::HOSTS);
        self::assertSame(0.0, $this->history->longestBelow(self::WORKERS, $backAt), 'who comes back takes nothing away');
        self::assertSame([$number], $this->history->fencingNumbers(), 'whoever leads leads on');
    }

    public function test_the_leader_and_a_follower_are_killed_at_once(): void
    {
        $this->startAll();
        $victims = [$this->leader()->name, $this->followers()[0]];
        $killedAt = self::now();

        foreach ($victims as $victim) {
            $this->hosts[$victim]->manager->signal(SIGKILL);
        }

        $this->watchUntilSettled(...array_diff(self::HOSTS, $victims));
        $this->assertRecovered('leader and follower killed', $killedAt);
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($killedAt), $this->told($killedAt));
        $this->assertOneLeaderAnEpoch();
    }

    public function test_a_leader_that_was_frozen_until_its_lock_ran_out_does_not_interfere(): void
    {
        $this->startAll();
        $frozen = $this->leader();
        $inFlight = $this->history->workers()[$frozen->name] ?? 0;
        $number = $this->history->fencingNumber();
        $frozenAt = self::now();
        $frozen->manager->signal(SIGSTOP);

        $this->watchUntilOthersRunAll($frozen);
        $this->assertRecovered('leader frozen', $frozenAt);
        self::assertGreaterThan($number, $this->history->fencingNumber());
        self::assertLessThanOrEqual(self::WORKERS + $inFlight, $this->history->mostWorkersSince($frozenAt));

        $leader = $this->leader()->name;
        $wokenAt = self::now();
        $frozen->manager->signal(SIGCONT);
        $this->watchUntilSettled(...self::HOSTS);
        $this->tell('leader woken', ['all as before after' => self::now() - $wokenAt - 2 * self::INTERVAL_SECONDS]);
        self::assertSame($leader, $this->leader()->name);
        self::assertSame(0.0, $this->history->longestBelow(self::WORKERS, $wokenAt));
        $this->assertOneLeaderAnEpoch();
    }

    public function test_redis_cannot_be_reached_from_the_leader(): void
    {
        $this->startAll();
        $this->cutOff($this->leader(), 'leader cut off');
    }

    public function test_redis_cannot_be_reached_from_a_follower(): void
    {
        $this->startAll();
        $this->cutOff($this->hosts[$this->followers()[0]], 'follower cut off');
    }

    public function test_redis_cannot_be_reached_from_anywhere(): void
    {
        $this->startAll();
        $before = $this->history->workers();
        $cutAt = self::now();

        foreach ($this->hosts as $host) {
            $host->wire->cut();
        }

        $this->watchFor(2 * self::LEASE_SECONDS);
        $mendedAt = self::now();

        foreach ($this->hosts as $host) {
            $host->wire->mend();
        }

        $this->watchUntilSettled(...self::HOSTS);
        $this->tell('Redis away from all', ['all as before after' => self::now() - $mendedAt - 2 * self::INTERVAL_SECONDS]);
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($cutAt), $this->told($cutAt));
        self::assertEquals($before, $this->history->workers(), 'no worker moved');
        $this->assertOneLeaderAnEpoch();
    }

    public function test_redis_is_restarted_empty(): void
    {
        $this->startAll();
        [$before, $number] = [$this->history->workers(), $this->history->fencingNumber()];
        $emptiedAt = self::now();
        $this->redis->stop();
        $this->redis->forget();
        $this->redis->start();

        $this->watchUntil(fn(): bool => $this->history->fencingNumber() > $number, 'a number above all that were seen');
        $this->watchUntilSettled(...self::HOSTS);
        $this->tell('Redis emptied', ['all as before after' => self::now() - $emptiedAt - 2 * self::INTERVAL_SECONDS]);
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($emptiedAt));
        self::assertEquals($before, $this->history->workers(), 'no worker moved');
        $this->assertOneLeaderAnEpoch();
    }

    #[TestWith([self::CLOCK_SECONDS])]
    #[TestWith([-self::CLOCK_SECONDS])]
    public function test_the_leader_dies_and_all_clocks_differ(int $clockSeconds): void
    {
        // Its locks and its keys run out by the clock of whoever looks.
        $this->meetIn('file');
        $clocks = ['a' => $clockSeconds, 'b' => 0, 'c' => -$clockSeconds, 'd' => 60, 'e' => -60];
        $this->startHost('a', $clocks['a']);
        $this->watchUntil(fn(): bool => $this->history->leader() === 'a', 'the first host to lead');
        array_map($this->startHost(...), array_slice(array_keys($clocks), 1), array_slice($clocks, 1));
        $this->watchUntilSettled(...self::HOSTS);
        $this->watchFor(self::INTERVAL_SECONDS);
        $killedAt = self::now();
        $this->hosts['a']->manager->signal(SIGKILL);

        $this->watchUntilSettled('b', 'c', 'd', 'e');
        // The lock of one whose clock is ahead is broken after a second lease.
        $this->assertRecovered(sprintf('leader killed, its clock %+d s', $clockSeconds), $killedAt, leases: $clockSeconds > 0 ? 2 : 1);
        self::assertLessThanOrEqual(self::WORKERS, $this->history->mostWorkersSince($killedAt), $this->told($killedAt));

        $number = $this->history->fencingNumber();
        $backAt = self::now();
        $this->hosts['a']->wire->remove();
        $this->startHost('a', $clocks['a']);
        $this->watchFor(self::LEASE_SECONDS);
        $this->watchUntilSettled(...self::HOSTS);
        self::assertSame($number, $this->history->fencingNumber(), 'whoever leads leads on');
        self::assertSame(0.0, $this->history->longestBelow(self::WORKERS, $backAt));
        $this->assertOneLeaderAnEpoch();
    }

    public function test_whatever_happens_all_is_well_when_it_is_over(): void
    {
        $seed = (int) (getenv('QUEUE_AUTOSCALE_CHAOS_SEED') ?: random_int(1, PHP_INT_MAX));
        $random = new Randomizer(new Mt19937($seed));
        $this->startAll();
        $end = self::now() + 60.0;
        $deeds = [];

        while (self::now() < $end) {
            $host = $this->hosts[self::HOSTS[$random->getInt(0, count(self::HOSTS) - 1)]];
            $deeds[] = $deed = ['kill', 'end', 'freeze', 'wake', 'cut', 'mend', 'start'][$random->getInt(0, 6)];

            match ($deed) {
                'kill' => $host->manager->signal(SIGKILL),
                'end' => $host->manager->signal(SIGTERM),
                'freeze' => $host->manager->signal(SIGSTOP),
                'wake' => $host->manager->signal(SIGCONT),
                'cut' => $host->wire->cut(),
                'mend' => $host->wire->mend(),
                'start' => $host->manager->isRunning() || $this->restartHost($host->name),
            };
            $this->watchFor($random->getInt(200, 2_500) / 1_000);
        }

        foreach ($this->hosts as $host) {
            $host->wire->mend();
            $host->manager->signal(SIGCONT);
            $host->manager->isRunning() || $this->restartHost($host->name);
        }

        $calmAt = self::now();
        $this->watchUntilSettled(...self::HOSTS);
        $this->tell("seed {$seed}, " . json_encode(array_count_values($deeds)), [
            'all well after' => self::now() - $calmAt - 2 * self::INTERVAL_SECONDS,
            'leaders' => count($this->history->fencingNumbers()),
        ]);
        $this->assertOneLeaderAnEpoch();
    }

    private function startAll(): void
    {
        array_map($this->startHost(...), self::HOSTS);
        $this->watchUntilSettled(...self::HOSTS);
        // So that all have been heard of.
        $this->watchFor(self::INTERVAL_SECONDS);
    }

    private function restartHost(string $name): bool
    {
        $this->hosts[$name]->wire->remove();
        $this->startHost($name);

        return true;
    }

    private function cutOff(ClusterHost $host, string $what): void
    {
        $inFlight = $this->history->workers()[$host->name] ?? 0;
        $cutAt = self::now();
        $host->wire->cut();
        $this->watchUntilOthersRunAll($host);
        $this->assertRecovered($what, $cutAt);
        self::assertLessThanOrEqual(self::WORKERS + $inFlight, $this->history->mostWorkersSince($cutAt));

        $mendedAt = self::now();
        $host->wire->mend();
        $this->watchUntilSettled(...self::HOSTS);
        $this->tell("{$what} and back", ['all as before after' => self::now() - $mendedAt - 2 * self::INTERVAL_SECONDS]);
        self::assertSame(0.0, $this->history->longestBelow(self::WORKERS, $mendedAt));
        $this->assertOneLeaderAnEpoch();
    }

    private function watchUntilOthersRunAll(ClusterHost $without): void
    {
        $isSo = static fn(array $workers): bool => array_sum(array_diff_key($workers, [$without->name => 0])) === self::WORKERS;
        $this->watchUntil(fn(): bool => $this->history->hasBeen($isSo, self::INTERVAL_SECONDS), "the others to do without {$without->name}");
    }

    private function assertRecovered(string $what, float $sinceSeconds, int $leases = 1): void
    {
        $below = $this->history->longestBelow(self::WORKERS, $sinceSeconds);
        $this->tell($what, [
            'below the minimum for' => $below,
            'next leader after' => $this->history->nextLeaderAfter($sinceSeconds),
            'most workers' => $this->history->mostWorkersSince($sinceSeconds),
        ]);
        self::assertLessThan(self::RECOVERY_SECONDS + ($leases - 1) * self::LEASE_SECONDS, $below, $what);
    }

    /** @return list<string> */
    private function followers(): array
    {
        return array_values(array_diff(self::HOSTS, [$this->leader()->name]));
    }

    /** @param array<string, float|int|null> $figures */
    private function tell(string $what, array $figures): void
    {
        $parts = array_map(
            static fn(string $name, float|int|null $figure): string => "{$name} "
                . (is_float($figure) ? sprintf('%.1f s', $figure) : (string) json_encode($figure)),
            array_keys($figures),
            $figures,
        );
        fwrite(STDERR, "{$what}: " . implode(', ', $parts) . "\n");
    }
}
