<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

/**
 * Which of the queues without a row are asked for in a cycle, and in which order.
 *
 * Those with jobs or workers in every cycle. Of the others so many that each is asked for within its time, which spreads them
 * evenly, and whoever would be late by the next cycle. One of these follows one of those, whoever was asked for longest ago
 * first: where time is short, those with jobs or workers get half of it, and none is left out.
 *
 * @internal
 */
final class AskingOrder
{
    /**
     * @param list<KnownQueue> $urgent with jobs or workers
     * @param list<KnownQueue> $others
     * @return list<KnownQueue>
     */
    public static function of(array $urgent, array $others, float $nowSeconds, float $cycleSeconds): array
    {
        usort($urgent, static fn(KnownQueue $one, KnownQueue $other): int => $one->askedAt() <=> $other->askedAt());
        usort($others, static fn(KnownQueue $one, KnownQueue $other): int => $one->dueAt() <=> $other->dueAt());
        $evenly = 0.0;

        foreach ($others as $queue) {
            $evenly += 1.0 / max(1.0, floor($queue->askEverySeconds / $cycleSeconds));
        }

        $due = array_filter(
            $others,
            static fn(KnownQueue $queue, int $place): bool => $place < ceil($evenly) || $queue->dueAt() <= $nowSeconds + $cycleSeconds,
            ARRAY_FILTER_USE_BOTH,
        );
        $order = [];

        for ($place = 0; $place < max(count($urgent), count($due)); $place++) {
            array_push($order, ...array_slice($urgent, $place, 1), ...array_slice($due, $place, 1));
        }

        return $order;
    }
}
