<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Cluster\Lead;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\Laravel\Cluster\View;

final class ViewTest extends TestCase
{
    public function test_a_share_under_a_lower_number_than_any_that_was_seen_does_not_count(): void
    {
        $view = new View('a');
        $view->update(self::found(new Lead('b', 4, 1, 1), new Share(4, 1, [])), 0.0);
        self::assertSame(1, $view->share()?->serial);

        // Somebody who was suspended writes over it.
        $view->update(self::found(new Lead('c', 3, 9, 9), new Share(3, 9, [])), 1.0);
        self::assertNull($view->share());
        self::assertSame(4, $view->highestFencingNumber());

        // Somebody got a new number, and has not said anything yet.
        $view->update(self::found(new Lead('b', 4, 2, 2), new Share(4, 2, []), fence: 5), 2.0);
        self::assertNull($view->share());
    }

    public function test_a_share_that_was_not_renewed_does_not_count(): void
    {
        $view = new View('a');
        $view->update(self::found(new Lead('b', 4, 3, 1), new Share(4, 2, [])), 0.0);
        self::assertNull($view->share(), 'whoever leads has shared out since, and not to this host');

        $view->update(self::found(null, new Share(4, 2, [])), 1.0);
        self::assertSame(2, $view->share()?->serial, 'nobody leads, so it stands');
    }

    public function test_silence_is_measured_from_the_last_new_word(): void
    {
        $view = new View('a');
        $view->update(self::found(new Lead('b', 4, 1, 1)), 10.0);
        $view->update(self::found(new Lead('b', 4, 1, 1)), 13.0);
        self::assertSame(3.0, $view->leadSilentSeconds(13.0));
        $view->update(self::found(new Lead('b', 4, 1, 2)), 14.0);
        self::assertSame(0.0, $view->leadSilentSeconds(14.0));
    }

    public function test_a_list_without_this_host_is_one_that_is_being_made_anew(): void
    {
        $view = new View('a');
        $view->update(self::found(hosts: ['a', 'b', 'c']), 0.0);
        $view->update(self::found(hosts: ['c', 'd']), 1.0);
        self::assertFalse($view->isListed());
        self::assertSame(['a', 'b', 'c', 'd'], $view->hosts());
        $view->update(self::found(hosts: ['a', 'c']), 2.0);
        self::assertSame(['a', 'c'], $view->hosts());
    }

    /**
     * @param list<string> $hosts
     * @return array{lead: ?Lead, fence: int, hosts: list<string>, share: ?Share}
     */
    private static function found(?Lead $lead = null, ?Share $share = null, int $fence = 0, array $hosts = ['a']): array
    {
        return ['lead' => $lead, 'fence' => $fence, 'hosts' => $hosts, 'share' => $share];
    }
}
