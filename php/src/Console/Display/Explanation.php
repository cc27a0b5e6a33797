<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\ScalingDecision;

/**
 * All that led to a decision, for a person.
 *
 * @internal
 */
final class Explanation
{
    /** @return list<string> */
    public static function of(ScalingDecision $decision): array
    {
        return [
            sprintf('<options=bold>%s</>', Printable::untagged($decision->key())),
            '',
            self::entry('Waiting', self::waiting($decision)),
            self::entry('Arrivals', sprintf(
                '%s (certainty %.0f %%), forecast %s',
                Format::rate($decision->arrivalRatePerSecond),
                100 * $decision->arrivalRateConfidence,
                Format::rate($decision->forecastRatePerSecond),
            )),
            self::entry('A job takes', sprintf(
                '%.3g s (%s)',
                $decision->serviceTimeSeconds,
                str_replace('_', ' ', $decision->serviceTimeSource),
            )),
            self::entry('A worker starts in', sprintf('%.3g s', $decision->bootSeconds)),
            self::entry('Promise', sprintf(
                'picked up within %g s: %s%s',
                $decision->maxPickupTimeSeconds,
                Format::slaState($decision->slaState),
                $decision->predictedPickupTimeSeconds === null
                    ? ''
                    : sprintf(', %s predicted', Format::seconds($decision->predictedPickupTimeSeconds)),
            )),
            '',
            self::entry('Steady state', self::workers($decision->steadyStateWorkers)),
            self::entry('Predictive', self::workers($decision->predictiveWorkers)),
            self::entry('Backlog drain', self::workers($decision->backlogDrainWorkers)),
            ...($decision->pickupTimeWorkers === null
                ? []
                : [self::entry('Pickup time', self::workers($decision->pickupTimeWorkers))]),
            self::entry('Recommended', (string) $decision->recommendedWorkers),
            ...array_map(self::constraint(...), $decision->constraints()),
            self::entry('Workers', "{$decision->currentWorkers} → {$decision->targetWorkers}"),
            '',
            Printable::untagged($decision->reason),
            '',
        ];
    }

    private static function entry(string $name, string $value): string
    {
        return sprintf('  %-19s %s', $name, $value);
    }

    private static function waiting(ScalingDecision $decision): string
    {
        $jobs = $decision->pending === 1 ? '1 job' : Format::count($decision->pending) . ' jobs';

        return match (true) {
            $decision->pending === 0 => $jobs,
            $decision->oldestJobAgeSeconds === null => "{$jobs}, since when is not known",
            default => "{$jobs}, the oldest for " . Format::seconds($decision->oldestJobAgeSeconds),
        };
    }

    private static function workers(float $workers): string
    {
        return sprintf('%.2f', $workers);
    }

    /** @param array{kind: string, from_workers: int, to_workers: int, reason: string} $constraint */
    private static function constraint(array $constraint): string
    {
        return self::entry(
            '  ' . str_replace('_', ' ', $constraint['kind']),
            "{$constraint['from_workers']} → {$constraint['to_workers']}: " . Printable::untagged($constraint['reason']),
        );
    }
}
