<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use Closure;
use QueueAutoscale\Laravel\Contracts\LetsIdleWorkersLeave;
use QueueAutoscale\Laravel\Contracts\RetriesAfterOutage;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Manager\PoolChange;
use QueueAutoscale\Laravel\Manager\WorkerScaler;

/**
 * Gives a host the workers of its share, and sees to it in each look that it has them until there is another share. Where the back
 * end lets workers leave that find no job, those that have left since it was decided are not started anew.
 *
 * @internal
 */
final class ShareScaler
{
    /** A share comes with each decision. Where none has come for so many intervals, metrics or store could not be reached. */
    private const OUTAGE_INTERVALS = 1.5;

    private ?Share $applied = null;

    private float $appliedAtSeconds = -INF;

    /** @param Closure(string, string): int $maxWorkers of a pool, by this host's own configuration */
    public function __construct(
        private readonly WorkerBackend $backend,
        private readonly WorkerScaler $scaler,
        private readonly float $intervalSeconds,
        private readonly Closure $maxWorkers,
    ) {
    }

    /** The share that this host has carried out; null before the first. */
    public function applied(): ?Share
    {
        return $this->applied;
    }

    /**
     * @param array<string, int> $reported by pool, the workers that this host had by the last that whoever decided can have heard
     * @return array<string, PoolChange> by pool
     */
    public function carryOut(Share $share, array $reported, float $nowSeconds): array
    {
        $isNew = ! $share->isSameAs($this->applied);

        if ($isNew) {
            $this->retryAfterOutage($nowSeconds - $this->appliedAtSeconds);
            [$this->applied, $this->appliedAtSeconds] = [$share, $nowSeconds];
        }

        $rows = $this->backend->pools();
        $changes = [];

        foreach ($share->workers as $row) {
            [$connection, $queues] = $row;
            // Whatever the store says, this host's own bound holds.
            $workers = min($row[2], ($this->maxWorkers)($connection, $queues));
            $pool = "{$connection}:{$queues}";
            $idleFloor = min($row[3] ?? $workers, $workers);
            $current = Report::currentWorkers($rows[$pool] ?? []);
            $asksForMore = $isNew && $workers > ($reported[$pool] ?? 0);
            $target = $asksForMore ? $workers : $this->withoutThoseThatLeft($workers, $idleFloor, $current);
            $changes[$pool] = $this->scale($connection, $queues, $current, $target);
            $this->letIdleLeave($connection, $queues, $idleFloor, $nowSeconds);
        }

        foreach (array_diff_key($rows, $changes) as $pool => $row) {
            $changes[$pool] = $this->scale($row['connection'], $row['queues'], Report::currentWorkers($row), 0);
        }

        return $changes;
    }

    private function retryAfterOutage(float $secondsWithoutShare): void
    {
        $isOutage = is_finite($secondsWithoutShare) && $secondsWithoutShare > self::OUTAGE_INTERVALS * $this->intervalSeconds;

        if ($isOutage && $this->backend instanceof RetriesAfterOutage) {
            $this->backend->retryAfterOutage($secondsWithoutShare);
        }
    }

    private function withoutThoseThatLeft(int $workers, int $idleFloor, int $current): int
    {
        return $this->backend instanceof LetsIdleWorkersLeave ? min($workers, max($idleFloor, $current)) : $workers;
    }

    /** For a turn: should no decision come then, nobody leaves for an old one. */
    private function letIdleLeave(string $connection, string $queues, int $idleFloor, float $nowSeconds): void
    {
        if ($this->backend instanceof LetsIdleWorkersLeave && $nowSeconds - $this->appliedAtSeconds < $this->intervalSeconds) {
            $this->backend->letIdleLeave($connection, $queues, $idleFloor);
        }
    }

    private function scale(string $connection, string $queues, int $current, int $target): PoolChange
    {
        return new PoolChange($connection, $queues, $current, $target, $this->scaler->scale($connection, $queues, $target));
    }
}
