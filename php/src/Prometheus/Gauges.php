<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Prometheus;

use Closure;
use QueueAutoscale\Laravel\Status\SnapshotStore;
use Spatie\Prometheus\Prometheus;

/**
 * What the managers decided last, as gauges of spatie/laravel-prometheus where that is installed: for dashboards, alerts, and
 * those who let KEDA or a HorizontalPodAutoscaler set the replicas.
 *
 * All values come from the application's cache, so that a web server needs neither the extension nor a manager beside it. Where
 * no manager runs there is no value at all: an old figure would be taken for a new one.
 *
 * @internal
 */
final readonly class Gauges
{
    private const NAMESPACE = 'queue_autoscale';

    private const LABELS = ['connection', 'queue'];

    private const SLA_STATES = ['met', 'at_risk', 'breached', 'unknown'];

    public function __construct(private SnapshotStore $snapshots)
    {
    }

    public function register(Prometheus $prometheus): void
    {
        $this->add($prometheus, 'desired_workers', 'Workers that were decided on', 'target_workers', array_sum(...));
        $this->add($prometheus, 'current_workers', 'Workers, those that start included', 'current_workers', array_sum(...));
        $this->add($prometheus, 'pending_jobs', 'Jobs that wait for a worker', 'pending', max(...));
        $this->add(
            $prometheus,
            'predicted_pickup_seconds',
            'Time until a job is picked up, at the percentile of the promise, with the desired workers',
            'predicted_pickup_time_seconds',
            max(...),
        );
        $this->add($prometheus, 'max_pickup_seconds', 'The promise: the longest time until a job is picked up', 'max_pickup_time_seconds', max(...));

        // One series a state, 1 for the state that holds: OpenMetrics' state set.
        $prometheus->addGauge('sla_state')
            ->namespace(self::NAMESPACE)
            ->name('sla_state')
            ->helpText('Whether the promise holds: 1 for the state that it is in')
            ->labels([...self::LABELS, 'state'])
            ->value(fn(): array => $this->slaStates());
    }

    /** @param Closure(list<int|float>): (int|float) $together what the values of hosts that decide each for itself come to */
    private function add(Prometheus $prometheus, string $name, string $help, string $key, Closure $together): void
    {
        $prometheus->addGauge($name)
            ->namespace(self::NAMESPACE)
            ->name($name)
            ->helpText($help)
            ->labels(self::LABELS)
            ->value(fn(): array => $this->values($key, $together));
    }

    /** @return list<array{float, list<string>}> value and its labels, one a pool */
    private function values(string $key, Closure $together): array
    {
        $values = [];

        foreach ($this->snapshots->decisionsThatHold() as $decisions) {
            // A pickup time that cannot be said is left out.
            $known = array_filter(array_column($decisions, $key), static fn(mixed $value): bool => $value !== null);

            if ($known !== []) {
                $values[] = [(float) $together($known), self::labelsOf($decisions[0])];
            }
        }

        return $values;
    }

    /** @return list<array{float, list<string>}> */
    private function slaStates(): array
    {
        $values = [];

        foreach ($this->snapshots->decisionsThatHold() as $decisions) {
            $now = $this->worst(array_column($decisions, 'sla_state'));

            foreach (self::SLA_STATES as $state) {
                $values[] = [$state === $now ? 1.0 : 0.0, [...self::labelsOf($decisions[0]), $state]];
            }
        }

        return $values;
    }

    /** @param list<string> $states */
    private function worst(array $states): string
    {
        return array_values(array_intersect(['breached', 'at_risk', 'met'], $states))[0] ?? 'unknown';
    }

    /**
     * @param array<string, mixed> $decision
     * @return list<string>
     */
    private static function labelsOf(array $decision): array
    {
        return [(string) $decision['connection'], (string) $decision['queues']];
    }
}
