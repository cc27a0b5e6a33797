<?php

declare(strict_types=1);

namespace QueueAutoscale\Benches\Baseline;

/**
 * The same evaluation in plain PHP, to compare with: read a row, estimate the rate, apply the three seed formulas (steady
 * state, predictive, backlog drain), bound the result, explain it. Much simpler than the engine: no conservation of jobs,
 * no confidence, no percentile, no fair share.
 */
final class BaselineEngine
{
    private const SECONDS_PER_MINUTE = 60.0;

    private const SMOOTHING = 0.3;

    private const HORIZON_SECONDS = 30.0;

    private const SLA_SECONDS = 30.0;

    private const DEFAULT_SERVICE_TIME_SECONDS = 1.0;

    private const MAX_WORKERS = 10;

    /** @var array<string, array{rate: float, slope: float, pending: int, at: float}> */
    private array $states = [];

    /**
     * @param array<string, array<string, mixed>> $metrics
     * @param array<string, array<string, mixed>> $workers
     * @return array<string, BaselineDecision>
     */
    public function evaluate(array $metrics, array $workers, float $nowSeconds): array
    {
        $decisions = [];
        foreach ($metrics as $key => $row) {
            $decisions[$key] = $this->decide($key, $row, $workers[$key] ?? [], $nowSeconds);
        }

        return $decisions;
    }

    /**
     * @param array<string, mixed> $row
     * @param array<string, mixed> $workers
     */
    private function decide(string $key, array $row, array $workers, float $nowSeconds): BaselineDecision
    {
        $pending = (int) $row['depth']['pending'];
        $age = $pending > 0 ? (float) $row['depth']['oldest_job_age_seconds'] : null;
        $throughput = (float) $row['performance_60s']['throughput_per_minute'] / self::SECONDS_PER_MINUTE;
        $busy = (int) ($workers['busy'] ?? 0);
        $current = $busy + (int) ($workers['idle'] ?? 0) + (int) ($workers['starting'] ?? 0);

        [$rate, $slope] = $this->estimate($key, $throughput, $pending, $nowSeconds);
        $serviceTime = $throughput > 0.0 && $busy > 0 ? $busy / $throughput : self::DEFAULT_SERVICE_TIME_SECONDS;
        $forecast = max(0.0, $rate + $slope * self::HORIZON_SECONDS);

        $steadyState = $rate * $serviceTime;
        $predictive = $forecast * $serviceTime;
        $backlogDrain = $age === null ? 0.0 : $pending * $serviceTime / max(1.0, self::SLA_SECONDS - $age);

        $recommended = (int) ceil(max($steadyState, $predictive, $backlogDrain));
        $target = min($recommended, self::MAX_WORKERS);
        $constraints = $target === $recommended ? [] : [[
            'kind' => 'max_workers',
            'from_workers' => $recommended,
            'to_workers' => $target,
            'reason' => sprintf('max_workers %d instead of %d', $target, $recommended),
        ]];

        return new BaselineDecision(
            connection: $row['connection'],
            queues: $row['queue'],
            currentWorkers: $current,
            recommendedWorkers: $recommended,
            targetWorkers: $target,
            steadyStateWorkers: $steadyState,
            predictiveWorkers: $predictive,
            backlogDrainWorkers: $backlogDrain,
            pending: $pending,
            oldestJobAgeSeconds: $age,
            arrivalRatePerSecond: $rate,
            forecastRatePerSecond: $forecast,
            serviceTimeSeconds: $serviceTime,
            maxPickupTimeSeconds: self::SLA_SECONDS,
            slaState: ($age ?? 0.0) > self::SLA_SECONDS ? 'breached' : 'met',
            constraints: $constraints,
            reason: sprintf('%d workers: %d waiting while %.2f jobs/s of %.2f s each come in', $target, $pending, $rate, $serviceTime),
        );
    }

    /** @return array{float, float} rate and its change per second */
    private function estimate(string $key, float $throughput, int $pending, float $nowSeconds): array
    {
        $before = $this->states[$key] ?? null;
        $elapsed = $before === null ? 0.0 : $nowSeconds - $before['at'];
        if ($elapsed <= 0.0) {
            [$rate, $slope] = [$throughput, 0.0];
        } else {
            $seen = max(0.0, $throughput + ($pending - $before['pending']) / $elapsed);
            $rate = $before['rate'] + self::SMOOTHING * ($seen - $before['rate']);
            $slope = $before['slope'] + self::SMOOTHING * (($rate - $before['rate']) / $elapsed - $before['slope']);
        }
        $this->states[$key] = ['rate' => $rate, 'slope' => $slope, 'pending' => $pending, 'at' => $nowSeconds];

        return [$rate, $slope];
    }
}
