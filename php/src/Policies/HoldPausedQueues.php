<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Contracts\Foundation\Application;
use Illuminate\Queue\QueueManager;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * Adds no worker where none would take a job: in maintenance mode, and for queues paused by queue:pause.
 *
 * @internal always in force, before the user's policies
 */
final class HoldPausedQueues implements ScalingPolicy
{
    public function __construct(
        private readonly Application $app,
        private readonly QueueManager $queues,
    ) {
    }

    public function before(ScalingDecision $decision): ScalingDecision
    {
        if ($decision->targetWorkers <= $decision->currentWorkers) {
            return $decision;
        }

        $why = $this->whyNobodyWorks($decision);

        return $why === null ? $decision : $decision->withTargetWorkers($decision->currentWorkers, $why);
    }

    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
    }

    private function whyNobodyWorks(ScalingDecision $decision): ?string
    {
        if ($this->app->isDownForMaintenance() && ! $this->worksInMaintenance()) {
            return 'the application is down for maintenance, so no worker would take a job';
        }

        return $this->isPaused($decision) ? 'the queue is paused, so no worker would take a job' : null;
    }

    private function worksInMaintenance(): bool
    {
        return in_array('--force', (array) config('queue-autoscale.workers.options'), strict: true);
    }

    private function isPaused(ScalingDecision $decision): bool
    {
        // Laravel 11 cannot pause queues.
        if (! method_exists($this->queues, 'isPaused')) {
            return false;
        }

        foreach (explode(',', $decision->queues) as $queue) {
            if (! $this->queues->isPaused($decision->connection, $queue)) {
                return false;
            }
        }

        return true;
    }
}
