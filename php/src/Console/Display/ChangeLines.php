<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use Illuminate\Support\Carbon;
use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\ScalingDecision;

/**
 * For files and for pipes: time, what, then the numbers as `name=value`.
 *
 * @internal
 */
final class ChangeLines extends LinePerChange
{
    protected function details(ScalingDecision $decision): array
    {
        return [
            'queue' => $decision->key(),
            'workers' => "{$decision->currentWorkers}->{$decision->targetWorkers}",
            'pending' => $decision->pending,
            'oldest_seconds' => $decision->oldestJobAgeSeconds === null ? null : sprintf('%.1f', $decision->oldestJobAgeSeconds),
            'arrivals_per_second' => sprintf('%.2f', $decision->arrivalRatePerSecond),
            'sla' => $decision->slaState,
            'reason' => $decision->reason,
        ];
    }

    protected function line(string $event, array $details): string
    {
        $line = Carbon::now()->format('H:i:s') . " {$event}";

        foreach ($details as $name => $value) {
            if ($value !== null) {
                $line .= " {$name}=" . self::value($value);
            }
        }

        return $line;
    }

    private static function value(mixed $value): string
    {
        $isBare = is_string($value) && preg_match('/\A[^\s\p{C}"=]+\z/u', $value) === 1;

        return $isBare ? $value : Printable::json($value);
    }
}
