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
        $this->end($manager);

        config()->set('queue-autoscale.queues', array_replace_recursive(config('queue-autoscale.queues'), $queues));
        [$jobs, $workers, $pickupSeconds] = $this->simulated($recording);

        self::assertNear($this->realJobs(), $jobs, 'jobs');
        self::assertNear($this->realWorkers($recording), $workers, 'workers');
        self::assertNear($this->realPickupSeconds(), $pickupSeconds, 'seconds until the pickup');
    }

    private function end(Artisan $manager): void
    {
        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode(withinSeconds: self::PATIENCE_SECONDS), $manager->output());
    }

    /** @return array{int, float, float} jobs, mean number of workers, mean seconds until the pickup */
    private function simulated(string $recording): array
    {
        $jobs = 0;
        $workers = [];
        $pickups = [];

        foreach (self::SEEDS as $seed) {
            [$exitCode, $output] = $this->artisan('queue:autoscale:simulate', [
                'traffic' => $recording,
                '--seed' => $seed,
                '--json' => true,
            ]);
            self::assertSame(0, $exitCode, $output);
            [$run] = json_decode($output, associative: true, flags: JSON_THROW_ON_ERROR)['runs'];
            $jobs = $run['jobs'];
            $workers[] = array_sum(array_column($run['pools'], 'mean_workers'));
            $pickups[] = array_sum(array_map(
                static fn(array $pool): float => $pool['jobs'] * $pool['mean_pickup_seconds'],
                $run['pools'],
            )) / $jobs;
        }

        return [$jobs, self::mean($workers), self::mean($pickups)];
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

    private static function assertNear(float $real, float $simulated, string $what): void
    {
        self::assertEqualsWithDelta($real, $simulated, self::TOLERANCE * $real, sprintf('%.2f %s, simulated %.2f', $real, $what, $simulated));
    }

    /** @param list<float> $numbers */
    private static function mean(array $numbers): float
    {
        return array_sum($numbers) / count($numbers);
    }
}
