<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Support\Carbon;
use QueueAutoscale\Laravel\Config\QueueSelection;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/** Allows fewer workers during a part of the day, for example while the database is backed up. */
final class CapBetween implements ScalingPolicy
{
    private readonly TimeWindow $window;

    private readonly QueueSelection $queues;

    /**
     * @param string $from "HH:MM"
     * @param string $until "HH:MM"
     * @param int $maxWorkers most workers of each queue
     * @param list<string> $queues as in `queue-autoscale.queues`: "emails", "redis:emails", "tenant-*"; none for all queues
     * @param ?string $timezone null for the application's
     */
    public function __construct(
        string $from,
        string $until,
        private readonly int $maxWorkers,
        array $queues = [],
        ?string $timezone = null,
    ) {
        $this->window = new TimeWindow($from, $until, $timezone);
        $this->queues = QueueSelection::ofApplication($queues);
    }

    public function before(ScalingDecision $decision): ScalingDecision
    {
        $isTooMany = $decision->targetWorkers > $this->maxWorkers;

        return $isTooMany && $this->queues->contains($decision->connection, $decision->queues) && $this->window->contains(Carbon::now())
            ? $decision->withTargetWorkers($this->maxWorkers, "at most {$this->maxWorkers} workers {$this->window}")
            : $decision;
    }

    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
    }
}
