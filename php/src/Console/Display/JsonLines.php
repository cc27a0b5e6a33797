<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use Illuminate\Support\Carbon;
use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\ScalingDecision;

/**
 * For programs: one JSON object a line, with the whole decision.
 *
 * @internal
 */
final class JsonLines extends LinePerChange
{
    protected function details(ScalingDecision $decision): array
    {
        return ['decision' => $decision];
    }

    protected function line(string $event, array $details): string
    {
        return Printable::json(['at' => Carbon::now()->toIso8601String(), 'event' => $event] + $details);
    }
}
