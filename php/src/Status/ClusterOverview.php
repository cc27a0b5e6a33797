<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Status;

use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterSettings;
use QueueAutoscale\Laravel\Cluster\Report;
use QueueAutoscale\Laravel\Cluster\Share;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * The hosts that work together, as their shared store has them.
 *
 * @internal
 */
final class ClusterOverview
{
    public function __construct(
        private readonly ConfigurationFactory $configurations,
        private readonly ClusterFactory $clusters,
    ) {
    }

    /**
     * @return ?array{leader: ?string, fencing_number: int, serial: int, hosts: list<array{host: string, leads: bool,
     *         silent_seconds: ?float, workers: int, share: ?int, share_fencing_number: ?int, share_serial: ?int,
     *         has_applied: bool, paused: bool}>} null where this host works alone. silent_seconds: for how long a host had said
     *         nothing new when whoever leads decided last; null where it is new
     *
     * @throws CannotStart
     * @throws StoreUnavailable
     */
    public function read(): ?array
    {
        $settings = ClusterSettings::of($this->configurations->make());

        if (! $settings->enabled) {
            return null;
        }

        $store = $this->clusters->store($settings);
        ['lead' => $lead, 'hosts' => $hosts] = $store->look($settings->host);
        [$reports, $shares, $watch] = [$store->reports($hosts), $store->shares($hosts), $store->watch()];

        return [
            'leader' => $lead?->host,
            'fencing_number' => $lead->fencingNumber ?? 0,
            'serial' => $lead->serial ?? 0,
            'hosts' => array_map(
                static fn(string $host): array => ['host' => $host, 'leads' => $host === $lead?->host, 'silent_seconds' => $watch[$host] ?? null]
                    + self::row($reports[$host] ?? null, $shares[$host] ?? null),
                $hosts,
            ),
        ];
    }

    /** @return array<string, mixed> */
    private static function row(?Report $report, ?Share $share): array
    {
        $body = $report === null || $report->isLast ? [] : (array) json_decode($report->body, associative: true);

        return [
            'workers' => array_sum(array_map(Report::currentWorkers(...), $body['workers'] ?? [])),
            'share' => $share === null ? null : array_sum(array_column($share->workers, 2)),
            'share_fencing_number' => $share?->fencingNumber,
            'share_serial' => $share?->serial,
            'has_applied' => $share !== null
                && ($body['fencing_number'] ?? 0) === $share->fencingNumber
                && ($body['serial'] ?? 0) >= $share->serial,
            'paused' => $body['paused'] ?? false,
        ];
    }
}
