<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\Laravel\Printable;

/**
 * The hosts that work together, a line each.
 *
 * @internal
 */
final class ClusterRows
{
    private const ROW = '%-24s %8s %8s   %s';

    /**
     * @param array<string, mixed> $cluster as ClusterOverview reads it
     * @return list<string>
     */
    public function lines(array $cluster): array
    {
        return [
            $cluster['leader'] === null
                ? '<options=bold>Cluster</>   <fg=red>no host decides</>'
                : sprintf(
                    '<options=bold>Cluster</>   %s decides   fencing number %d   share %d',
                    Printable::untagged($cluster['leader']),
                    $cluster['fencing_number'],
                    $cluster['serial'],
                ),
            sprintf(self::ROW, 'host', 'workers', 'share', 'heard of'),
            ...array_map(self::line(...), $cluster['hosts']),
        ];
    }

    /** @param array<string, mixed> $host */
    private static function line(array $host): string
    {
        return Printable::untagged(sprintf(
            self::ROW,
            $host['host'],
            $host['workers'],
            $host['share'] ?? '–',
            implode('   ', array_filter([
                $host['silent_seconds'] === null ? 'not yet' : Format::seconds($host['silent_seconds']) . ' ago',
                $host['leads'] ? 'decides' : null,
                $host['share'] !== null && ! $host['has_applied'] ? 'share not yet carried out' : null,
                $host['paused'] ? 'paused' : null,
            ])),
        ));
    }
}
