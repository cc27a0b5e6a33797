<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use QueueAutoscale\Laravel\Cluster\ClusterStore;
use QueueAutoscale\Laravel\Cluster\Lead;
use QueueAutoscale\Laravel\Cluster\Report;
use QueueAutoscale\Laravel\Cluster\Share;

final class StatusTest extends StoreTestCase
{
    private ClusterStore $store;

    protected function setUp(): void
    {
        parent::setUp();
        $this->configure(['cluster' => ['enabled' => true, 'host' => 'a', 'store' => 'file']]);
        $this->store = self::storeOf($this->cache('file'));
    }

    public function test_hosts_leader_shares_and_ages_are_shown(): void
    {
        $shares = ['a' => new Share(3, 7, [['redis', 'emails', 2]]), 'b' => new Share(3, 7, [['redis', 'emails', 1], ['redis', 'x', 4]])];
        $this->store->updateHosts(['a', 'b', 'c']);
        $this->store->putLead(new Lead('a', 3, 7, 1));
        $this->store->putShares($shares);
        $this->store->putWatch(['a' => 0.0, 'b' => 1.5]);
        $row = ['connection' => 'redis', 'queues' => 'emails', 'idle' => 1, 'busy' => 1, 'draining' => 5];
        $this->store->putReport('a', Report::of(3, 1, $shares['a'], false, null, ['redis:emails' => $row]));
        $this->store->putReport('b', Report::of(3, 1, null, true, null, []));

        [, $output] = $this->artisan('queue:autoscale:status');
        self::assertStringContainsString('Cluster   a decides   fencing number 3   share 7', $output);
        self::assertMatchesRegularExpression('/^a +2 +2 +0\.0 s ago   decides *$/m', $output);
        self::assertMatchesRegularExpression('/^b +0 +5 +1\.5 s ago   share not yet carried out   paused *$/m', $output);
        self::assertMatchesRegularExpression('/^c +0 +– +not yet *$/m', $output);

        [, $json] = $this->artisan('queue:autoscale:status', ['--json' => true]);
        $status = json_decode($json, associative: true, flags: JSON_THROW_ON_ERROR);
        self::assertSame(['a', 3, 7], [$status['cluster']['leader'], $status['cluster']['fencing_number'], $status['cluster']['serial']]);
        self::assertSame(1.5, $status['cluster']['hosts'][1]['silent_seconds']);
        self::assertSame([], $status['managers']);
    }

    public function test_it_is_told_that_nobody_leads(): void
    {
        [$exitCode, $output] = $this->artisan('queue:autoscale:status');

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('no host decides', $output);
    }

    public function test_the_check_tells_where_the_hosts_meet(): void
    {
        $this->store->updateHosts(['a', 'b']);
        self::assertMatchesRegularExpression('/^warning +Several hosts +The store file keeps files/m', $this->artisan('queue:autoscale:check')[1]);

        $this->configure(['cluster.store' => 'redis']);
        self::storeOf($this->cache('redis'))->updateHosts(['a', 'b']);
        self::assertMatchesRegularExpression(
            '/^ok +Several hosts +a meets the others in the store redis; known are a, b$/m',
            $this->artisan('queue:autoscale:check')[1],
        );

        $this->configure(['cluster.store' => 'array']);
        self::assertMatchesRegularExpression('/^failed +Several hosts +.*"array" is no store/m', $this->artisan('queue:autoscale:check')[1]);
    }

    public function test_a_store_that_no_other_process_sees_is_refused(): void
    {
        $this->configure(['cluster.store' => 'array']);

        [$exitCode, $output] = $this->artisan('queue:autoscale');

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('queue-autoscale.cluster.store: "array" is no store', $output);
    }
}
