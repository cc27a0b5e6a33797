<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use QueueAutoscale\Laravel\Checks\CheckStatus;
use QueueAutoscale\Laravel\Checks\CleanUpCheck;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Metrics\CleanUpClock;
use QueueAutoscale\Laravel\Metrics\Setup;
use Throwable;

/**
 * Tells, at the start and from then on, what keeps QueueMetrics from telling what is there.
 *
 * @internal
 */
final class SetupWatch extends Observer
{
    private const SUBJECT = 'the set-up of QueueMetrics';

    private const EVERY_SECONDS = 60.0;

    /** A clean-up that was never seen may come with the schedule's next minute. */
    private const PATIENCE_SECONDS = 120.0;

    private float $startedAt = 0.0;

    private float $lookedAt = -INF;

    public function __construct(
        private readonly Setup $setup,
        private readonly CleanUpCheck $cleanUp,
        private readonly CleanUpClock $clock,
        private readonly Problems $problems,
    ) {
    }

    public function started(): void
    {
        $this->startedAt = self::seconds();
        $this->look();
    }

    public function turnEnded(Turn $turn): void
    {
        if (self::seconds() - $this->lookedAt >= self::EVERY_SECONDS) {
            $this->look();
        }
    }

    private function look(): void
    {
        $this->lookedAt = self::seconds();

        try {
            $this->problems->reportAll(self::SUBJECT, [...$this->setup->warnings(), ...$this->cleanUpWarning()]);
        } catch (Throwable $thrown) {
            $this->problems->report(self::SUBJECT, 'Could not look at ' . self::SUBJECT . ": {$thrown->getMessage()}", $thrown);
        }
    }

    /** @return list<string> */
    private function cleanUpWarning(): array
    {
        $result = $this->cleanUp->run();
        $isEarly = $this->lookedAt - $this->startedAt < self::PATIENCE_SECONDS && $this->clock->secondsSince() === null;

        return $result->status === CheckStatus::Warning && ! $isEarly ? [$result->message] : [];
    }

    private static function seconds(): float
    {
        return hrtime(true) / 1e9;
    }
}
