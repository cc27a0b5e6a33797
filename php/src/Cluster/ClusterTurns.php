<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Manager\CapacityReader;
use QueueAutoscale\Laravel\Manager\PoolChange;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\TurnSource;
use QueueAutoscale\Laravel\ScaleOutcome;

/**
 * The turns of a manager that is one of several: it looks what is new, leads if nobody else does, carries out its share, and
 * says what it has.
 *
 * Where the store cannot be reached, or nobody leads, the host keeps its workers: what is not known takes none away. So a
 * host that is cut off runs its last share on, in addition to what the others take over from it.
 *
 * @internal
 */
final class ClusterTurns implements TurnSource
{
    private const STORE = 'the shared store of the hosts';

    private const NAME = 'the name of this host';

    /** A list that nobody writes runs out; each host sees to it that it does not. */
    private const SECONDS_BETWEEN_JOINS = 1_800.0;

    private readonly View $view;

    private int $turns = 0;

    private int $beat;

    /** Of the report that the store has; null before the first. */
    private ?int $reportedBeat = null;

    /** @var array<string, int> by pool, the workers in the report that the store has */
    private array $reported = [];

    private float $joinedAtSeconds = -INF;

    private float $tellAtSeconds = -INF;

    public function __construct(
        private readonly ClusterSettings $settings,
        private readonly ClusterStore $store,
        private readonly Leadership $leadership,
        private readonly WorkerBackend $backend,
        private readonly ShareScaler $scaler,
        private readonly CapacityReader $capacity,
        private readonly Problems $problems,
        private readonly string $fingerprint,
    ) {
        $this->view = new View($settings->host);
        // Not one that a manager before this one on the same host has said.
        $this->beat = random_int(1, PHP_INT_MAX >> 1);
    }

    public function take(): ?Turn
    {
        try {
            $turn = $this->look(hrtime(true) / 1e9);
            $this->problems->solved(self::STORE);

            return $turn;
        } catch (StoreUnavailable $unavailable) {
            $this->view->couldNotLook(hrtime(true) / 1e9);
            $this->problems->report(self::STORE, $unavailable->getMessage(), $unavailable->getPrevious());

            return null;
        }
    }

    public function secondsToNextTurn(): float
    {
        return $this->settings->secondsBetweenLooks;
    }

    public function leave(): void
    {
        try {
            $this->store->putReport(
                $this->settings->host,
                Report::last($this->view->highestFencingNumber(), ++$this->beat),
            );
            $this->store->forgetShare($this->settings->host);
            $this->store->updateHosts([], [$this->settings->host]);
            $this->leadership->giveUp();
        } catch (StoreUnavailable $unavailable) {
            // The others will notice that this host is silent.
            $this->problems->report(self::STORE, $unavailable->getMessage(), $unavailable->getPrevious());
        }
    }

    /**
     * @throws StoreUnavailable
     * @throws MetricsUnavailable
     */
    private function look(float $startedAt): ?Turn
    {
        $this->view->update($this->store->look($this->settings->host), $startedAt);
        $this->join($startedAt);
        $this->checkName($startedAt);
        $capacity = $this->capacity->read();
        $paused = $this->backend->paused();

        try {
            $led = $this->leadership->lead($this->view, $this->report($capacity, $paused, $this->backend->pools()), $startedAt);
            $share = $led->share ?? $this->view->share();
            // Whoever decided here knew what there is.
            $changes = $paused || $share === null ? [] : $this->scaler->carryOut($share, $led === null ? $this->reported : [], $startedAt);
        } finally {
            // Also where the metrics cannot be read: this host is there.
            $this->putReport($capacity, $paused);
        }

        foreach ($led->decisions ?? [] as $pool => $decision) {
            $this->leadership->carriedOut($decision, $changes[$pool]->outcome ?? ScaleOutcome::nothing());
        }

        return $this->turn($led, $capacity, $changes, $paused, $startedAt);
    }

    private function join(float $nowSeconds): void
    {
        if (! $this->view->isListed() || $nowSeconds - $this->joinedAtSeconds > self::SECONDS_BETWEEN_JOINS) {
            $this->store->updateHosts([$this->settings->host]);
            $this->joinedAtSeconds = $nowSeconds;
        }
    }

    /** Two hosts of one name would each take the other's share for its own. Once a turn is enough: a report is long. */
    private function checkName(float $nowSeconds): void
    {
        if ($this->reportedBeat === null || $nowSeconds < $this->tellAtSeconds) {
            return;
        }

        $host = $this->settings->host;
        $report = $this->store->reports([$host])[$host];

        if ($report === null || $report->beat === $this->reportedBeat) {
            $this->problems->solved(self::NAME);
        } else {
            $this->problems->report(self::NAME, "Another manager calls itself {$host} as well; give each host a name of its own "
                . 'with queue-autoscale.cluster.host.');
        }
    }

    /** @throws StoreUnavailable */
    private function putReport(?HostCapacity $capacity, bool $paused): void
    {
        $pools = $this->backend->pools();
        $report = $this->report($capacity, $paused, $pools);
        $this->store->putReport($this->settings->host, $report);
        $this->reportedBeat = $report->beat;
        $this->reported = array_map(Report::currentWorkers(...), $pools);
    }

    /** @param array<string, array<string, mixed>> $pools */
    private function report(?HostCapacity $capacity, bool $paused, array $pools): Report
    {
        return Report::of(
            $this->view->highestFencingNumber(),
            ++$this->beat,
            $this->scaler->applied(),
            $paused,
            $capacity,
            $pools,
            $this->fingerprint,
        );
    }

    /** @param array<string, PoolChange> $changes */
    private function turn(?LedTurn $led, ?HostCapacity $capacity, array $changes, bool $paused, float $startedAt): ?Turn
    {
        $changed = array_filter($changes, static fn(PoolChange $change): bool => $change->outcome->changedSomething());
        $leads = $this->leadership->isHeld();

        // What whoever leads has told holds until its next decision, however long reading the metrics puts that off.
        if ($led === null && $changed === [] && ($leads || $startedAt < $this->tellAtSeconds)) {
            return null;
        }

        $this->tellAtSeconds = $startedAt + $this->settings->intervalSeconds;

        return new Turn(
            number: ++$this->turns,
            decisions: $led->decisions ?? [],
            outcomes: array_map(static fn(PoolChange $change): ScaleOutcome => $change->outcome, $changes),
            host: $led->capacity ?? $capacity,
            seen: $led?->seen,
            secondsToNextTurn: $led->seen->secondsToNextCycle ?? $this->settings->intervalSeconds,
            totalSeconds: hrtime(true) / 1e9 - $startedAt,
            dryRun: false,
            paused: $paused,
            place: new Place(
                $this->settings->host,
                $leads ? $this->settings->host : $this->view->lead()?->host,
                $led->share->fencingNumber ?? $this->scaler->applied()->fencingNumber ?? 0,
                array_values($changed),
            ),
        );
    }
}
