<?php

declare(strict_types=1);

namespace App\Demo;

use App\Records\RecordKind;

/** What a run came to, from nothing but the records of its jobs, its workers and the changes that the manager made. */
final readonly class Summary
{
    /**
     * @param array<string, PickupTimes> $pickups by queue
     * @param list<int> $workersLeftBehind process ids
     */
    private function __construct(
        public int $queuedJobs,
        public int $doneJobs,
        public array $pickups,
        public int $peakWorkers,
        public int $finalWorkers,
        public array $workersLeftBehind,
        public float $workerSeconds,
        public float $jobSeconds,
    ) {
    }

    /** @param list<array<string, mixed>> $records */
    public static function of(array $records): self
    {
        $queued = self::firstByJob($records, RecordKind::JobQueued);
        $started = self::firstByJob($records, RecordKind::JobStarted);
        $finished = self::firstByJob($records, RecordKind::JobFinished);
        [$peakWorkers, $finalWorkers] = self::peakAndFinalWorkers($records);

        return new self(
            queuedJobs: count($queued),
            doneJobs: count(array_intersect_key($queued, $finished)),
            pickups: self::pickups($queued, $started),
            peakWorkers: $peakWorkers,
            finalWorkers: $finalWorkers,
            workersLeftBehind: self::livingWorkers($records),
            workerSeconds: self::workerSeconds($records),
            jobSeconds: self::jobSeconds($records),
        );
    }

    public function lostJobs(): int
    {
        return $this->queuedJobs - $this->doneJobs;
    }

    /** @return list<string> what did not hold, a sentence each */
    public function failures(): array
    {
        return array_values(array_filter([
            $this->queuedJobs === 0 ? 'No job was queued.' : null,
            $this->lostJobs() > 0 ? "{$this->lostJobs()} of {$this->queuedJobs} jobs were not done." : null,
            $this->peakWorkers < 2 ? 'The number of workers did not rise.' : null,
            $this->finalWorkers >= $this->peakWorkers ? 'The number of workers did not fall.' : null,
            $this->workersLeftBehind !== []
                ? 'Workers were left behind: ' . implode(', ', $this->workersLeftBehind) . '.'
                : null,
        ]));
    }

    /**
     * @param list<array<string, mixed>> $records
     * @return array<string, array<string, mixed>>
     */
    private static function firstByJob(array $records, RecordKind $kind): array
    {
        $first = [];

        foreach ($records as $record) {
            if ($record['kind'] === $kind->value) {
                $first[$record['job']] ??= $record;
            }
        }

        return $first;
    }

    /**
     * @param array<string, array<string, mixed>> $queued
     * @param array<string, array<string, mixed>> $started
     * @return array<string, PickupTimes>
     */
    private static function pickups(array $queued, array $started): array
    {
        $seconds = [];

        foreach ($queued as $job => $record) {
            if (isset($started[$job])) {
                $seconds[$record['queue']][] = $started[$job]['at'] - $record['at'];
            }
        }

        ksort($seconds);

        return array_map(static fn(array $ofQueue): PickupTimes => new PickupTimes($ofQueue), $seconds);
    }

    /**
     * @param list<array<string, mixed>> $records
     * @return array{int, int} the most workers at one time, and those when the load had ended
     */
    private static function peakAndFinalWorkers(array $records): array
    {
        $lives = self::workerLives($records);
        $ends = array_filter($records, static fn(array $record): bool => $record['kind'] === RecordKind::FeedEnded->value);
        $endedAt = end($ends)['at'] ?? INF;
        $livingAt = static fn(float $instant): int => count(array_filter(
            $lives,
            static fn(array $life): bool => $life[0] <= $instant && $instant < $life[1],
        ));
        $starts = array_filter(array_column($lives, 0), static fn(float $startedAt): bool => $startedAt <= $endedAt);

        return [max([0, ...array_map($livingAt, $starts)]), $livingAt($endedAt)];
    }

    /**
     * @param list<array<string, mixed>> $records
     * @return list<int>
     */
    private static function livingWorkers(array $records): array
    {
        $living = [];

        foreach ($records as $record) {
            $commandLine = "/proc/{$record['pid']}/cmdline";

            // The number may have passed to another process meanwhile.
            if (
                $record['kind'] === RecordKind::WorkerStarted->value
                && is_readable($commandLine)
                && str_contains((string) @file_get_contents($commandLine), 'queue:work')
            ) {
                $living[] = $record['pid'];
            }
        }

        return $living;
    }

    /** @param list<array<string, mixed>> $records */
    private static function workerSeconds(array $records): float
    {
        return array_sum(array_map(static fn(array $life): float => $life[1] - $life[0], self::workerLives($records)));
    }

    /**
     * From the start of each worker's process to its last sign of life, which is the end itself but for killed ones.
     *
     * @param list<array<string, mixed>> $records
     * @return array<int, array{float, float}> by process id
     */
    private static function workerLives(array $records): array
    {
        $lives = [];

        foreach ($records as $record) {
            if ($record['kind'] === RecordKind::WorkerStarted->value) {
                $lives[$record['pid']] = [$record['process_started_at'], $record['at']];
            } elseif (isset($lives[$record['pid']])) {
                $lives[$record['pid']][1] = $record['at'];
            }
        }

        return $lives;
    }

    /** @param list<array<string, mixed>> $records */
    private static function jobSeconds(array $records): float
    {
        $startedAt = [];
        $seconds = 0.0;

        foreach ($records as $record) {
            if ($record['kind'] === RecordKind::JobStarted->value) {
                $startedAt[$record['pid']] = $record['at'];
            }

            if ($record['kind'] === RecordKind::JobFinished->value) {
                $seconds += $record['at'] - $startedAt[$record['pid']];
            }
        }

        return $seconds;
    }
}
