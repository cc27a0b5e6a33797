<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use Closure;
use QueueAutoscale\Laravel\Cluster\ClusterStore;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;

/** What happened in a cluster, moment by moment, as seen from outside: the processes and the store. */
final class ClusterHistory
{
    /** @var list<array{at: float, workers: array<string, int>, lead: ?array{string, int, int, int}}> */
    private array $moments = [];

    public function __construct(
        private readonly ClusterStore $store,
        private readonly ApplicationFolder $folder,
    ) {
    }

    public function look(): void
    {
        try {
            $lead = $this->store->look('')['lead'];
        } catch (StoreUnavailable) {
            $lead = null;
        }

        $this->moments[] = ['at' => hrtime(true) / 1e9, 'workers' => $this->countWorkers(), 'lead' => $lead?->toArray()];
    }

    /** @return array<string, int> the workers that run now, by host */
    public function workers(): array
    {
        return end($this->moments)['workers'];
    }

    public function leader(): ?string
    {
        return end($this->moments)['lead'][0] ?? null;
    }

    public function fencingNumber(): int
    {
        return end($this->moments)['lead'][1] ?? 0;
    }

    /** @return array<int, list<string>> who led, by fencing number */
    public function leaders(): array
    {
        $leaders = [];

        foreach ($this->moments as ['lead' => $lead]) {
            if ($lead !== null && ! in_array($lead[0], $leaders[$lead[1]] ?? [], strict: true)) {
                $leaders[$lead[1]][] = $lead[0];
            }
        }

        return $leaders;
    }

    /** @return list<int> the fencing numbers in the order in which they were first seen */
    public function fencingNumbers(): array
    {
        return array_keys($this->leaders());
    }

    /** @param Closure(array<string, int>): bool $condition of the workers by host */
    public function hasBeen(Closure $condition, float $forSeconds): bool
    {
        $now = end($this->moments)['at'];

        foreach (array_reverse($this->moments) as ['at' => $at, 'workers' => $workers]) {
            if (! $condition($workers)) {
                return false;
            }

            if ($now - $at >= $forSeconds) {
                return true;
            }
        }

        return false;
    }

    public function mostWorkersSince(float $sinceSeconds): int
    {
        return max(array_map(
            static fn(array $moment): int => $moment['at'] >= $sinceSeconds ? array_sum($moment['workers']) : 0,
            $this->moments,
        ));
    }

    /** The numbers of workers by host, whenever they changed, for the message of a test that fails. */
    public function course(float $sinceSeconds): string
    {
        $lines = [];

        foreach ($this->moments as ['at' => $at, 'workers' => $workers]) {
            $line = json_encode($workers);

            if ($at >= $sinceSeconds && $line !== ($last ?? null)) {
                $lines[] = sprintf('%5.1f s %s', $at - $sinceSeconds, $last = $line);
            }
        }

        return implode("\n", $lines);
    }

    /** How long it took from an instant until somebody led under a new number; null where nobody did. */
    public function nextLeaderAfter(float $sinceSeconds): ?float
    {
        $before = 0;

        foreach ($this->moments as ['at' => $at, 'lead' => $lead]) {
            if ($at <= $sinceSeconds) {
                $before = max($before, $lead[1] ?? 0);
            } elseif ($lead !== null && $lead[1] > $before) {
                return $at - $sinceSeconds;
            }
        }

        return null;
    }

    /** The longest time without a break that fewer than $least workers ran, in seconds. */
    public function longestBelow(int $least, float $sinceSeconds): float
    {
        $longest = 0.0;
        $since = null;

        foreach ($this->moments as ['at' => $at, 'workers' => $workers]) {
            if ($at < $sinceSeconds || array_sum($workers) >= $least) {
                $since = null;

                continue;
            }

            $since ??= $at;
            $longest = max($longest, $at - $since);
        }

        return $longest;
    }

    /** @return array<string, int> */
    private function countWorkers(): array
    {
        $counts = [];
        $workers = Processes::workersOf($this->folder);

        foreach ($workers as $pid) {
            // What a worker is about to run looks like the worker until it does.
            if (in_array(Processes::parentOf($pid), $workers, strict: true)) {
                continue;
            }

            if (preg_match('/\0' . ClusterHost::VARIABLE . '=([^\0]*)\0/', (string) @file_get_contents("/proc/{$pid}/environ"), $found) === 1) {
                $counts[$found[1]] = ($counts[$found[1]] ?? 0) + 1;
            }
        }

        return $counts;
    }
}
