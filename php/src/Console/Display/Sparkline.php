<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

/**
 * A row of bars, one a value, the last value at the right.
 *
 * @internal
 */
final class Sparkline
{
    private const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

    /** @param list<int|float> $values */
    public static function of(array $values, int $width): string
    {
        $values = array_slice($values, -$width);
        $most = max([1, ...$values]);
        $bars = array_map(
            // Something is never drawn as nothing.
            static fn(int|float $value): string => self::BARS[(int) ceil($value / $most * (count(self::BARS) - 1))],
            $values,
        );

        return str_repeat(' ', $width - count($bars)) . implode('', $bars);
    }
}
