<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Log\LogManager;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/** Says on a log channel, which may well be Slack's, that a queue's promise is broken; not again for a while. */
final class NotifyOnBreach implements ScalingPolicy
{
    /** @var array<string, float> monotonic seconds of the last message, by queue */
    private array $lastToldAt = [];

    /**
     * @param ?string $channel null for the application's default log channel
     * @param float $atMostEverySeconds the least time between two messages about the same queue
     */
    public function __construct(
        private readonly LogManager $logs,
        private readonly ?string $channel = null,
        private readonly float $atMostEverySeconds = 900.0,
    ) {
    }

    public function before(ScalingDecision $decision): ScalingDecision
    {
        return $decision;
    }

    public function after(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        $now = hrtime(true) / 1e9;
        $lastToldAt = $this->lastToldAt[$decision->key()] ?? -INF;

        if ($decision->slaState !== 'breached' || $now - $lastToldAt < $this->atMostEverySeconds) {
            return;
        }

        $this->lastToldAt[$decision->key()] = $now;
        $this->logs->channel($this->channel)->critical(sprintf(
            'The oldest job of %s waits for %.0f s, %g s are promised; %d workers are on it.',
            $decision->key(),
            $decision->oldestJobAgeSeconds ?? 0.0,
            $decision->maxPickupTimeSeconds,
            $decision->targetWorkers,
        ));
    }
}
