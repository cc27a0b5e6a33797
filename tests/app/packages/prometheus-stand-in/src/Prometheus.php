<?php

declare(strict_types=1);

namespace Spatie\Prometheus;

use Spatie\Prometheus\MetricTypes\Gauge;

/** What this package uses of the real one: gauges with labels, whose values are asked for when they are rendered. */
final class Prometheus
{
    /** @var list<Gauge> */
    private array $gauges = [];

    public function addGauge(
        string $label,
        null|float|callable $value = null,
        ?string $name = null,
        ?string $namespace = null,
        ?string $helpText = null,
    ): Gauge {
        return $this->gauges[] = new Gauge($label, $value, $name, $helpText);
    }

    /** In Prometheus' text format. */
    public function renderCollectors(): string
    {
        return implode('', array_map(static fn(Gauge $gauge): string => $gauge->render(), $this->gauges));
    }
}
