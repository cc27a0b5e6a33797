<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Records\RecordKind;
use QueueAutoscale\Tests\Support\Artisan;

final class ReplayTest extends EndToEndTestCase
{
    private const SECONDS = 60;

    private const TOLERANCE = 0.1;

    /** Chance has its part in every run, so several simulated ones are taken together. */
    private const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

    public function test_a_recorded_run_comes_out_as_it_really_was(): void
    {
        $recording = "{$this->folder->path}/traffic.jsonl";
        // With few workers the burst lasts, so that it decides little how long each of them took to boot on a busy machine.
        $queues = ['emails' => ['max_workers' => 2, 'max_pickup_time_seconds' => 60], 'default' => ['min_workers' => 0, 'max_workers' => 3]];
        $manager = $this->startManager(['queues' => $queues], ['--interval=1', "--record={$recording}"]);
        $feed = $this->startArtisan(['demo:feed', '--seconds=' . self::SECONDS]);
        self::assertSame(0, $feed->exitCode(withinSeconds: self::SECONDS + self::PATIENCE_SECONDS), $feed->output());
        $this->waitUntilAllJobsAreDone($manager);
        $this->waitUntil(fn(): bool => self::nothingIsLeftAtTheEndOf($recording), 'a recorded turn with all jobs done', $manager);
        $this->end($manager);

        config()->set('queue-autoscale.queues', array_replace_recursive(config('queue-autoscale.queues'), $queues));
        $runs = array_map(fn(int $seed): array => $this->simulated($recording, $seed), self::SEEDS);
        // A worker that was killed leaves no record of its end, and would seem to have cost nothing.
        self::assertSame([], $this->workersWithoutEnd(), $manager->output());
        $told = self::told($runs[0]['pools']) . "\n" . $manager->output();

        self::assertNear($this->realJobs(), $runs[0]['jobs'], 'jobs', $told);
        self::assertNear($this->realWorkers($recording), self::mean(array_map(self::meanWorkers(...), $runs)), 'workers', $told);
        self::assertNear($this->realPickupSeconds(), self::mean(array_map(self::pickupSeconds(...), $runs)), 'seconds until the pickup', $told);
    }

    private static function nothingIsLeftAtTheEndOf(string $recording): bool
    {
        $lines = (array) file($recording);
        // Its last line may be half written.
        $rows = json_decode((string) ($lines[count($lines) - 2] ?? ''), associative: true)['metrics'] ?? [];

        return $rows !== [] && array_sum(array_map(static fn(array $row): int => $row['depth']['total'], $rows)) === 0;
    }

    /** @return list<int> process ids of workers that have told of their start and not of their end */
    private function workersWithoutEnd(): array
    {
        $ended = array_column($this->records()->of(RecordKind::WorkerStopped), 'pid');

        return array_values(array_diff(array_column($this->records()->of(RecordKind::WorkerStarted), 'pid'), $ended));
    }

    /**
     * What the recording says of each queue, and what one simulated run made of it.
     *
     * @param list<array<string, mixed>> $pools
     */
    private static function told(array $pools): string
    {
        return implode("\n", array_map(static fn(array $pool): string => sprintf(
            '%s: %d jobs, %.2f workers recorded, %.2f simulated; %.2f s until the pickup recorded, %.2f s simulated',
            $pool['queues'],
            $pool['jobs'],
            $pool['real']['mean_workers'],
            $pool['mean_workers'],
            $pool['real']['mean_pickup_seconds'],
            $pool['mean_pickup_seconds'],
        ), $pools));
    }

    private function end(Artisan $manager): void
    {
        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode(withinSeconds: self::PATIENCE_SECONDS), $manager->output());
    }

    /** @return array<string, mixed> the figures of the run, and in each pool what really happened */
    private function simulated(string $recording, int $seed): array
    {
        [$exitCode, $output] = $this->artisan('queue:autoscale:simulate', [
            'traffic' => $recording,
            '--seed' => $seed,
            '--json' => true,
        ]);
        self::assertSame(0, $exitCode, $output);
        $simulated = json_decode($output, associative: true, flags: JSON_THROW_ON_ERROR);
        $run = $simulated['runs'][0];

        foreach ($simulated['traffic']['pools'] as $place => $pool) {
            $run['pools'][$place]['real'] = $pool['real'];
        }

        return $run;
    }

    /** @param array<string, mixed> $run */
    private static function meanWorkers(array $run): float
    {
        return array_sum(array_column($run['pools'], 'mean_workers'));
    }

    /** @param array<string, mixed> $run */
    private static function pickupSeconds(array $run): float
    {
        $seconds = array_map(static fn(array $pool): float => $pool['jobs'] * $pool['mean_pickup_seconds'], $run['pools']);

        return array_sum($seconds) / $run['jobs'];
    }

    /** Each attempt of a job counts, since that is what a queue shows. */
    private function realJobs(): int
    {
        return count($this->records()->of(RecordKind::JobStarted));
    }

    /** From the workers' own records: how long each lived, over the time that was recorded. */
    private function realWorkers(string $recording): float
    {
        $seconds = 0.0;
        $startedAt = [];

        foreach ($this->records()->all() as $record) {
            if ($record['kind'] === RecordKind::WorkerStarted->value) {
                $startedAt[$record['pid']] = $record['process_started_at'];
            } elseif ($record['kind'] === RecordKind::WorkerStopped->value) {
                $seconds += $record['at'] - $startedAt[$record['pid']];
            }
        }

        $turns = (array) file($recording);
        $now = static fn(string $line): float => json_decode($line, associative: true)['now_seconds'];

        return $seconds / ($now((string) end($turns)) - $now((string) reset($turns)));
    }

    private function realPickupSeconds(): float
    {
        $queuedAt = array_column($this->records()->of(RecordKind::JobQueued), 'at', 'job');
        $waits = [];

        foreach ($this->records()->of(RecordKind::JobStarted) as $record) {
            $waits[$record['job']] ??= $record['at'] - $queuedAt[$record['job']];
        }

        return self::mean(array_values($waits));
    }

    private static function assertNear(float $real, float $simulated, string $what, string $told): void
    {
        $message = sprintf("%.2f %s, simulated %.2f\n%s", $real, $what, $simulated, $told);

        self::assertEqualsWithDelta($real, $simulated, self::TOLERANCE * $real, $message);
    }

    /** @param list<float> $numbers */
    private static function mean(array $numbers): float
    {
        return array_sum($numbers) / count($numbers);
    }
}
