<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

use Illuminate\Cache\Lock as BaseLock;
use Illuminate\Contracts\Cache\Lock;
use ReflectionMethod;

/**
 * The right to lead: an atomic lock of the store with this manager as its owner, and a fencing number that is new each time
 * the lock was got.
 *
 * A lock alone is not enough. Whoever was suspended while it ran out does not know, and may still write; its number then tells
 * the readers that somebody leads since (M. Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 8, "fencing
 * tokens").
 *
 * @internal
 */
final class Lease
{
    private readonly Lock $lock;

    private readonly bool $canRefresh;

    /** Null while somebody else leads. */
    private ?int $fencingNumber = null;

    public function __construct(
        private readonly ClusterStore $store,
        string $host,
        int $seconds,
    ) {
        $this->lock = $store->leaderLock($host . ':' . bin2hex(random_bytes(8)), $seconds);
        $this->canRefresh = self::knowsHowToRefresh($this->lock);
    }

    public function isHeld(): bool
    {
        return $this->fencingNumber !== null;
    }

    public function fencingNumber(): int
    {
        return $this->fencingNumber ?? 0;
    }

    /**
     * @param int $floor the highest fencing number seen anywhere
     * @param bool $byForce whoever has the lock has been silent for so long that it must have run out
     *
     * @throws StoreUnavailable
     */
    public function acquire(int $floor, bool $byForce = false): bool
    {
        $isOurs = $this->store->guarded(function () use ($byForce): bool {
            if ($this->lock->get()) {
                return true;
            }

            $byForce && $this->lock->forceRelease();

            return $byForce && $this->lock->get();
        });

        if ($isOurs) {
            $this->fencingNumber = $this->store->nextFencingNumber($floor);
        }

        return $isOurs;
    }

    /**
     * Starts the lease's time anew.
     *
     * @return bool whether this manager still leads
     *
     * @throws StoreUnavailable where nobody can say
     */
    public function renew(): bool
    {
        $isOurs = $this->store->guarded(fn(): bool => $this->canRefresh
            ? (bool) $this->lock->refresh()
            // Before Laravel had it. Nobody else tries to get the lock while whoever has it is heard of.
            : $this->lock->release() && $this->lock->get());

        if (! $isOurs) {
            $this->fencingNumber = null;
        }

        return $isOurs;
    }

    /**
     * Takes a new number where somebody has seen one that is not below ours: the store has forgotten, or another manager
     * got a number with a lock that had run out.
     *
     * @throws StoreUnavailable
     */
    public function raiseTo(int $highestSeen): void
    {
        if ($this->fencingNumber !== null && $highestSeen > $this->fencingNumber) {
            $this->fencingNumber = $this->store->nextFencingNumber($highestSeen);
        }
    }

    /** @throws StoreUnavailable */
    public function release(): void
    {
        $this->fencingNumber = null;
        $this->store->guarded(fn() => $this->lock->release());
    }

    /** Laravel's base class has the method in recent versions, and throws in it where a store cannot. */
    private static function knowsHowToRefresh(Lock $lock): bool
    {
        return method_exists($lock, 'refresh')
            && (new ReflectionMethod($lock, 'refresh'))->getDeclaringClass()->getName() !== BaseLock::class;
    }
}
