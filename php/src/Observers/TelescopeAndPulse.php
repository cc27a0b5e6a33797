<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use Illuminate\Contracts\Container\Container;
use Laravel\Pulse\Pulse;
use Laravel\Telescope\Contracts\EntriesRepository;
use Laravel\Telescope\Telescope;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Turn;
use Throwable;

/**
 * Hands over what Telescope and Pulse have collected in this process. Both keep it in memory until a request or a job ends, and this
 * command runs for weeks.
 *
 * @internal
 */
final class TelescopeAndPulse extends Observer
{
    private const SECONDS_BETWEEN = 15.0;

    private const PROBLEM = 'handing over to Telescope and Pulse';

    private float $lastAt = -INF;

    public function __construct(
        private readonly Container $container,
        private readonly Problems $problems,
    ) {
    }

    public function turnEnded(Turn $turn): void
    {
        $this->handOverFromTimeToTime();
    }

    public function turnFailed(float $secondsToNextTurn): void
    {
        $this->handOverFromTimeToTime();
    }

    public function stopped(string $reason): void
    {
        $this->handOver();
    }

    private function handOverFromTimeToTime(): void
    {
        $now = hrtime(true) / 1e9;

        if ($now - $this->lastAt >= self::SECONDS_BETWEEN) {
            $this->lastAt = $now;
            $this->handOver();
        }
    }

    private function handOver(): void
    {
        try {
            if ($this->container->bound(EntriesRepository::class)) {
                Telescope::store($this->container->make(EntriesRepository::class));
            }

            if ($this->container->bound(Pulse::class)) {
                $this->container->make(Pulse::class)->ingest();
            }

            $this->problems->solved(self::PROBLEM);
        } catch (Throwable $thrown) {
            $this->problems->report(self::PROBLEM, ucfirst(self::PROBLEM) . " failed: {$thrown->getMessage()}", $thrown);
        }
    }
}
