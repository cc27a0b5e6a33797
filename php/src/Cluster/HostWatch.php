<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * Which hosts are there: those that said something new within a lease, by this process's own clock. Silence counts only while
 * somebody listens: whoever was suspended, or without the store, judges nobody by what was not heard meanwhile.
 *
 * @internal
 */
final class HostWatch
{
    /** So many times at least a host must have been listened for in vain before it is gone. */
    private const LEAST_LISTENINGS = 4;

    private ?float $listenedAtSeconds = null;

    /** @var array<string, array{?int, float}> each host's last beat, and since when it is the same */
    private array $beats = [];

    /** @var array<string, Report> */
    private array $reports = [];

    /** For how long a host counts as there that was heard of once. */
    private float $graceSeconds;

    public function __construct(private readonly float $leaseSeconds)
    {
        $this->graceSeconds = $leaseSeconds;
    }

    /**
     * Somebody was silent for a lease, and others may have died with it: until it is heard of again, a host has that long, and
     * not a whole lease more.
     */
    public function takeOver(float $graceSeconds): void
    {
        $this->graceSeconds = min($this->leaseSeconds, $graceSeconds);
    }

    /** @param array<string, ?Report> $reports of all hosts that are known, as the store has them */
    public function hear(array $reports, float $nowSeconds): void
    {
        $this->forgiveSilenceUntil($nowSeconds);

        foreach ($reports as $host => $report) {
            if (! isset($this->beats[$host])) {
                // What it says may have been there for any time.
                $this->beats[$host] = [$report?->beat, $nowSeconds - $this->leaseSeconds + $this->graceSeconds];
            } elseif ($report !== null && $report->beat !== $this->beats[$host][0]) {
                // A store that was emptied says nothing about a host.
                $this->beats[$host] = [$report->beat, $nowSeconds];
            }

            if ($report?->isLast) {
                $this->beats[$host][1] = -INF;
            }

            if ($report !== null) {
                $this->reports[$host] = $report;
            }
        }

        $this->graceSeconds = $this->leaseSeconds;
    }

    /** Takes back what nobody listened for since the last time. */
    private function forgiveSilenceUntil(float $nowSeconds): void
    {
        $unheardSeconds = $nowSeconds - ($this->listenedAtSeconds ?? $nowSeconds) - $this->leaseSeconds / self::LEAST_LISTENINGS;
        $this->listenedAtSeconds = $nowSeconds;

        if ($unheardSeconds > 0) {
            $this->beats = array_map(static fn(array $beat): array => [$beat[0], $beat[1] + $unheardSeconds], $this->beats);
        }
    }

    /** @return array<string, Report> of the hosts that are there */
    public function present(float $nowSeconds): array
    {
        return array_filter(
            $this->reports,
            fn(int|string $host): bool => $nowSeconds - $this->beats[$host][1] <= $this->leaseSeconds,
            ARRAY_FILTER_USE_KEY,
        );
    }

    /** Whether a host is known to be there, or to have been of late, that was not heard of yet. */
    public function isIncomplete(float $nowSeconds): bool
    {
        foreach ($this->beats as $host => [, $since]) {
            if (! isset($this->reports[$host]) && $nowSeconds - $since <= $this->leaseSeconds) {
                return true;
            }
        }

        return false;
    }

    /** @return list<string> the hosts that are gone, which are then forgotten */
    public function forgetGone(float $nowSeconds): array
    {
        $gone = [];

        foreach ($this->beats as $host => [, $since]) {
            if ($nowSeconds - $since > $this->leaseSeconds) {
                $gone[] = (string) $host;
                unset($this->beats[$host], $this->reports[$host]);
            }
        }

        return $gone;
    }

    /** @return array<string, float> for how long each host has said nothing new, in seconds */
    public function ages(float $nowSeconds): array
    {
        return array_map(static fn(array $beat): float => round($nowSeconds - $beat[1], 1), $this->beats);
    }

    /** @return list<string> */
    public function hosts(): array
    {
        return array_map(strval(...), array_keys($this->beats));
    }
}
