<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use Closure;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\ScalingDecision;

/**
 * Whether this manager leads: it does while nobody else can be heard of and the store gives it the lock.
 *
 * @internal
 */
final class Leadership
{
    /** Leases after which the lock of a silent leader is broken, where the store has not let it run out. */
    private const LEASES_UNTIL_FORCE = 2;

    /** Its memory of the queues is kept for as long as nobody else leads. */
    private ?Leader $leader = null;

    /** Since when the metrics could not be read. */
    private ?float $blindSinceSeconds = null;

    private float $abstainUntilSeconds = -INF;

    /** @param Closure(): Leader $newLeader one without any memory */
    public function __construct(
        private readonly ClusterSettings $settings,
        private readonly ClusterStore $store,
        private readonly Lease $lease,
        private readonly Closure $newLeader,
    ) {
    }

    public function isHeld(): bool
    {
        return $this->lease->isHeld();
    }

    /**
     * Leads, if it is this manager's to do so.
     *
     * @return ?LedTurn null where nothing was decided here
     *
     * @throws StoreUnavailable
     * @throws MetricsUnavailable
     */
    public function lead(View $view, Report $own, float $nowSeconds): ?LedTurn
    {
        if (! $this->keepOrTake($view, $nowSeconds)) {
            return null;
        }

        $this->lease->raiseTo($view->highestFencingNumber());

        try {
            $turn = $this->leader?->lead($own, $view->hosts(), $nowSeconds);
            $this->blindSinceSeconds = null;

            return $turn;
        } catch (MetricsUnavailable $unavailable) {
            $this->blindSinceSeconds ??= $nowSeconds;

            // Another host may see more.
            if ($nowSeconds - $this->blindSinceSeconds > $this->settings->leaseSeconds) {
                $this->blindSinceSeconds = null;
                $this->abstainUntilSeconds = $nowSeconds + $this->settings->leaseSeconds;
                $this->giveUp();
            }

            throw $unavailable;
        } finally {
            $view->sawFencingNumber($this->lease->fencingNumber());
        }
    }

    /** Tells the policies what came of a decision on this host. */
    public function carriedOut(ScalingDecision $decision, ScaleOutcome $outcome): void
    {
        $this->leader?->carriedOut($decision, $outcome);
    }

    /** @throws StoreUnavailable */
    public function giveUp(): void
    {
        if ($this->lease->isHeld()) {
            $this->lease->release();
            $this->store->forgetLead();
        }
    }

    /** @throws StoreUnavailable */
    private function keepOrTake(View $view, float $nowSeconds): bool
    {
        if ($this->lease->isHeld() && $this->lease->renew()) {
            return true;
        }

        $lead = $view->lead();
        $silentSeconds = $view->leadSilentSeconds($nowSeconds);
        $lease = $this->settings->leaseSeconds;
        // Whoever led last is the first to lead again, where the store went away from all.
        $isAnothers = $lead !== null && $lead->host !== $this->settings->host;

        if ($isAnothers) {
            $this->leader = null;
        }

        if ($nowSeconds < $this->abstainUntilSeconds || ($isAnothers && $silentSeconds < $lease)) {
            return false;
        }

        $byForce = $lead !== null && $silentSeconds >= self::LEASES_UNTIL_FORCE * $lease;

        if (! $this->lease->acquire($view->highestFencingNumber(), $byForce)) {
            return false;
        }

        if ($this->leader === null) {
            $this->leader = ($this->newLeader)();

            if ($isAnothers && $view->hasSeenAllFor($lease, $nowSeconds)) {
                $this->leader->takeOver();
            }
        }

        return true;
    }
}
