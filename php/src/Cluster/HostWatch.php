<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Cluster;

/**
 * Which hosts are there: those that said something new within a lease, by this process's own clock.
 *
 * @internal
 */
final class HostWatch
{
    /** @var array<string, array{?int, float}> each host's last beat, and since when it is the same */
    private array $beats = [];

    /** @var array<string, Report> */
    private array $reports = [];

    public function __construct(private readonly float $leaseSeconds)
    {
    }

    /**
     * Begins with what whoever led before knew: who has not said anything since has not for the time of its silence.
     *
     * @param array<string, array{int, float}> $watch each host's last beat, and for how long it had been the same
     */
    public function takeOver(array $watch, float $silentSeconds, float $nowSeconds): void
    {
        foreach ($watch as $host => [$beat, $ageSeconds]) {
            $this->beats[$host] ??= [$beat, $nowSeconds - $ageSeconds - $silentSeconds];
        }
    }

    /** @param array<string, ?Report> $reports of all hosts that are known, as the store has them */
    public function hear(array $reports, float $nowSeconds): void
    {
        foreach ($reports as $host => $report) {
            // A store that was emptied says nothing about a host.
            if ($report === null || $report->beat === ($this->beats[$host][0] ?? null)) {
                $this->beats[$host] ??= [null, $nowSeconds];
            } else {
                $this->beats[$host] = [$report->beat, $nowSeconds];
            }

            if ($report?->isLast) {
                $this->beats[$host][1] = -INF;
            }

            if ($report !== null) {
                $this->reports[$host] = $report;
            }
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

    /** @return array<string, array{?int, float}> each host's last beat, and for how long it has been the same */
    public function ages(float $nowSeconds): array
    {
        return array_map(static fn(array $beat): array => [$beat[0], round($nowSeconds - $beat[1], 1)], $this->beats);
    }

    /** @return list<string> */
    public function hosts(): array
    {
        return array_map(strval(...), array_keys($this->beats));
    }
}
