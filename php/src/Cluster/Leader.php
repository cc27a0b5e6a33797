<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use QueueAutoscale\ClusterPlanner;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\Manager\Decider;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * Decides for all hosts, for as long as this manager leads: listens to them, decides on their sum, and tells each its share.
 *
 * @internal
 */
final class Leader
{
    private float $decideAtSeconds = -INF;

    /** @var array{int, list<string>} the fencing number and the hosts of the last decision */
    private array $decidedFor = [0, []];

    /** @var array{int, int} the fencing number and the serial of the shares that hold */
    private array $published = [0, 0];

    private int $beat;

    public function __construct(
        private readonly ClusterSettings $settings,
        private readonly ClusterStore $store,
        private readonly Lease $lease,
        private readonly ClusterPlanner $planner,
        private readonly Decider $decider,
        private readonly HostWatch $watch,
        private readonly Problems $problems,
        private readonly string $fingerprint,
    ) {
        $this->beat = random_int(1, PHP_INT_MAX >> 1);
    }

    /** Leads in the place of somebody who has not been heard of for a lease. */
    public function takeOver(): void
    {
        $this->watch->takeOver($this->settings->intervalSeconds);
    }

    /**
     * @param list<string> $hosts all that are known
     * @return ?LedTurn null where nothing was decided
     *
     * @throws StoreUnavailable
     * @throws MetricsUnavailable
     */
    public function lead(Report $own, array $hosts, float $nowSeconds): ?LedTurn
    {
        $present = $this->listen($own, $hosts, $nowSeconds);
        $this->compareConfigurations($present);
        $this->tellThatWeLead();

        // Whoever is not heard of yet may have workers, and they would be started once more.
        if ($this->watch->isIncomplete($nowSeconds) || ! $this->isDue($present, $nowSeconds)) {
            return null;
        }

        return $this->decide($present, $nowSeconds);
    }

    public function carriedOut(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        $this->decider->carriedOut($decision, $outcome);
    }

    /**
     * @param list<string> $hosts
     * @return array<string, Report> of all hosts that are there, this one included
     */
    private function listen(Report $own, array $hosts, float $nowSeconds): array
    {
        $others = array_values(array_diff(array_unique([...$hosts, ...$this->watch->hosts()]), [$this->settings->host]));
        $this->watch->hear([$this->settings->host => $own] + $this->store->reports($others), $nowSeconds);
        $present = $this->watch->present($nowSeconds);
        $gone = $this->watch->forgetGone($nowSeconds);

        if ($gone !== []) {
            $this->store->updateHosts([], $gone);
        }

        $this->lease->raiseTo(max(array_map(static fn(Report $report): int => $report->highestFencingNumber, $present)));

        return $present;
    }

    /**
     * Whoever leads decides by its own configuration, for all.
     *
     * @param array<string, Report> $present
     */
    private function compareConfigurations(array $present): void
    {
        $others = array_filter(
            $present,
            fn(Report $report): bool => ! in_array($report->configuration, ['', $this->fingerprint], strict: true),
        );

        $this->problems->reportAll('configuration', array_map(
            fn(int|string $host): string => "{$host} has another configuration than {$this->settings->host}, which decides for both: "
                . 'deploy the same config/queue-autoscale.php to all hosts.',
            array_keys($others),
        ));
    }

    /** @param array<string, Report> $present */
    private function isDue(array $present, float $nowSeconds): bool
    {
        return $nowSeconds >= $this->decideAtSeconds || $this->decidedFor !== [$this->lease->fencingNumber(), self::names($present)];
    }

    /** @param array<string, Report> $present */
    private function decide(array $present, float $nowSeconds): ?LedTurn
    {
        $number = $this->lease->fencingNumber();
        $this->decidedFor = [$number, self::names($present)];
        $this->decideAtSeconds = $nowSeconds + $this->settings->intervalSeconds;
        $seen = $this->decider->look(function () use ($present, $number): array {
            $errors = $this->planner->merge($number, array_map(static fn(Report $report): string => $report->body, $present));
            $this->problems->reportAll('a host', $errors);

            return $this->planner->workers();
        });
        $this->decideAtSeconds = $nowSeconds + $seen->secondsToNextCycle;
        $capacity = $this->planner->capacity();
        $decisions = $this->decider->decide($seen, $capacity, paused: false);
        $plan = $this->planner->plan([...self::decided($decisions), ...self::undecided(array_diff_key($seen->workers, $decisions))]);
        $this->problems->reportAll('room', array_map(
            static fn(array $pool): string => "{$pool[0]}:{$pool[1]}: no host has room for all of the workers that were decided on.",
            $plan['unplaced'],
        ));

        // Right before others believe what is written: reading the metrics may have taken longer than the lease.
        if (! $this->lease->renew()) {
            return null;
        }

        $shares = $this->publish($number, $plan, $nowSeconds);

        return new LedTurn($seen, $capacity, $decisions, $shares[$this->settings->host]);
    }

    /**
     * @param array{serial: int, hosts: list<array{host: string, workers: list<array{string, string, int, int}>}>} $plan
     * @return array<string, Share> by host
     */
    private function publish(int $number, array $plan, float $nowSeconds): array
    {
        $shares = [];

        foreach ($plan['hosts'] as $host) {
            $shares[$host['host']] = new Share($number, $plan['serial'], $host['workers']);
        }

        // The shares first: whoever sees the new number finds what belongs to it.
        $this->store->putShares($shares);
        $this->published = [$number, $plan['serial']];
        $this->tellThatWeLead();
        $this->store->putWatch($this->watch->ages($nowSeconds));

        return $shares;
    }

    private function tellThatWeLead(): void
    {
        $number = $this->lease->fencingNumber();
        $serial = $this->published[0] === $number ? $this->published[1] : 0;
        $this->store->putLead(new Lead($this->settings->host, $number, $serial, ++$this->beat));
    }

    /**
     * @param array<string, ScalingDecision> $decisions
     * @return list<array{string, string, int, int}>
     */
    private static function decided(array $decisions): array
    {
        return array_values(array_map(
            static fn(ScalingDecision $decision): array => [
                $decision->connection,
                $decision->queues,
                $decision->targetWorkers,
                self::idleFloor($decision),
            ],
            $decisions,
        ));
    }

    /**
     * A host does not know how many of the waiting jobs the others have started. So where more wait than workers take at once,
     * all stay until the next decision: one that is still taking a job must not pass for one that finds none.
     */
    private static function idleFloor(ScalingDecision $decision): int
    {
        return $decision->pending > $decision->targetWorkers ? $decision->targetWorkers : $decision->idleFloorWorkers;
    }

    /**
     * Pools that nobody decided on, as with --only: their workers stay.
     *
     * @param array<string, array<string, mixed>> $rows
     * @return list<array{string, string, int}>
     */
    private static function undecided(array $rows): array
    {
        return array_values(array_map(
            static fn(array $row): array => [$row['connection'], $row['queues'], Report::currentWorkers($row)],
            $rows,
        ));
    }

    /**
     * @param array<string, Report> $present
     * @return list<string>
     */
    private static function names(array $present): array
    {
        $names = array_map(strval(...), array_keys($present));
        sort($names, SORT_STRING);

        return $names;
    }
}
