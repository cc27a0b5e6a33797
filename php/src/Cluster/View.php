<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * What a host knows of the others, from all of its looks.
 *
 * @internal
 */
final class View
{
    private int $highestFencingNumber = 0;

    /** @var list<string> */
    private array $hosts = [];

    private ?Lead $lead = null;

    /** Since when whoever leads has said nothing new. */
    private float $leadSinceSeconds = 0.0;

    private ?Share $share = null;

    private bool $isListed = false;

    private bool $isBlind = false;

    private float $lastBlindSeconds = -INF;

    public function __construct(private readonly string $host)
    {
    }

    /** @param array{lead: ?Lead, fence: int, hosts: list<string>, share: ?Share} $found */
    public function update(array $found, float $nowSeconds): void
    {
        ['lead' => $lead, 'fence' => $fence, 'hosts' => $hosts, 'share' => $share] = $found;
        $this->sawFencingNumber(max($fence, $lead->fencingNumber ?? 0, $share->fencingNumber ?? 0));
        $this->isListed = in_array($this->host, $hosts, strict: true);
        // A list without this host is one that is only being made anew.
        $this->hosts = $this->isListed ? $hosts : array_values(array_unique([...$this->hosts, ...$hosts]));
        $this->share = $share;

        if ($lead?->toArray() !== $this->lead?->toArray() || $this->isBlind) {
            $this->lead = $lead;
            $this->leadSinceSeconds = $nowSeconds;
            $this->isBlind = false;
        }
    }

    /** The store could not be reached. Whoever was silent meanwhile may only not have been heard. */
    public function couldNotLook(float $nowSeconds): void
    {
        $this->isBlind = true;
        $this->lastBlindSeconds = $nowSeconds;
    }

    /** Whether all looks within some time have seen something. */
    public function hasSeenAllFor(float $seconds, float $nowSeconds): bool
    {
        return $nowSeconds - $this->lastBlindSeconds > $seconds;
    }

    public function sawFencingNumber(int $number): void
    {
        $this->highestFencingNumber = max($this->highestFencingNumber, $number);
    }

    public function highestFencingNumber(): int
    {
        return $this->highestFencingNumber;
    }

    /** @return list<string> */
    public function hosts(): array
    {
        return $this->hosts;
    }

    /** Whether the others can know of this host. */
    public function isListed(): bool
    {
        return $this->isListed;
    }

    public function lead(): ?Lead
    {
        return $this->lead;
    }

    public function leadSilentSeconds(float $nowSeconds): float
    {
        return $nowSeconds - $this->leadSinceSeconds;
    }

    /** What this host is to run; null where nobody says, or only somebody whose word no longer counts. */
    public function share(): ?Share
    {
        if ($this->share === null || $this->share->fencingNumber < $this->highestFencingNumber) {
            return null;
        }

        $isOld = $this->lead !== null
            && $this->lead->fencingNumber === $this->share->fencingNumber
            && $this->lead->serial > $this->share->serial;

        return $isOld ? null : $this->share;
    }
}
