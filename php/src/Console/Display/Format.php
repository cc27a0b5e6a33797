<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

/**
 * Numbers as a person reads them.
 *
 * @internal
 */
final class Format
{
    private const SECONDS_PER_MINUTE = 60;

    private const SECONDS_PER_HOUR = 3600;

    public static function seconds(?float $seconds): string
    {
        return match (true) {
            $seconds === null => '–',
            $seconds < 10 => sprintf('%.1f s', $seconds),
            $seconds < 2 * self::SECONDS_PER_MINUTE => sprintf('%.0f s', $seconds),
            $seconds < 2 * self::SECONDS_PER_HOUR => sprintf('%.0f min', $seconds / self::SECONDS_PER_MINUTE),
            default => sprintf('%.0f h', $seconds / self::SECONDS_PER_HOUR),
        };
    }

    /** For what takes milliseconds when all is well. */
    public static function briefly(float $seconds): string
    {
        return $seconds < 1 ? sprintf('%.0f ms', 1000 * $seconds) : self::seconds($seconds);
    }

    /** @param array{seconds: float, without_row: int, asked: int, asking_seconds: float, asked_for: list<string>} $reading */
    public static function reading(array $reading): string
    {
        $text = 'read in ' . self::briefly($reading['seconds']);

        return $reading['without_row'] === 0 ? $text : sprintf(
            '%s; %s without a row, %d asked for by name in %s',
            $text,
            $reading['without_row'] === 1 ? '1 known queue' : self::count($reading['without_row']) . ' known queues',
            $reading['asked'],
            self::briefly($reading['asking_seconds']),
        );
    }

    public static function rate(float $perSecond): string
    {
        return match (true) {
            $perSecond >= 99.95 => sprintf('%.0f/s', $perSecond),
            $perSecond >= 0.095 => sprintf('%.1f/s', $perSecond),
            // Below one in ten seconds a rate by the minute says more.
            $perSecond > 0 => sprintf('%.1f/min', $perSecond * self::SECONDS_PER_MINUTE),
            default => '0/s',
        };
    }

    public static function count(int $count): string
    {
        return number_format($count, thousands_separator: ' ');
    }

    public static function slaState(string $state): string
    {
        return str_replace('_', ' ', $state);
    }
}
