<?php

declare(strict_types=1);

namespace Spatie\Prometheus\MetricTypes;

use Closure;

final class Gauge
{
    private string $namespace = 'app';

    /** @var list<string> */
    private array $labelNames = [];

    /** @var list<float|Closure|array<mixed>> */
    private array $values = [];

    public function __construct(string $label, null|float|Closure|array $value, private ?string $name = null, private ?string $helpText = null)
    {
        $this->name ??= str_replace('-', '_', strtolower($label));

        if ($value !== null) {
            $this->value($value);
        }
    }

    public function namespace(string $namespace): self
    {
        $this->namespace = $namespace;

        return $this;
    }

    public function name(string $name): self
    {
        $this->name = $name;

        return $this;
    }

    public function helpText(string $helpText): self
    {
        $this->helpText = $helpText;

        return $this;
    }

    /** @param list<string> $labelNames */
    public function labels(array $labelNames): self
    {
        $this->labelNames = $labelNames;

        return $this;
    }

    /** @param array<mixed>|float|Closure $value a number, or a list of numbers each with the values of its labels */
    public function value(array|float|Closure $value): self
    {
        $this->values[] = $value;

        return $this;
    }

    public function render(): string
    {
        $name = "{$this->namespace}_{$this->name}";
        $lines = ["# HELP {$name} {$this->helpText}", "# TYPE {$name} gauge"];

        foreach ($this->values as $value) {
            $value = value($value);

            foreach (is_array($value) ? $value : [[$value, []]] as [$number, $labels]) {
                $pairs = array_map(static fn(string $label, string $of): string => "{$label}=\"{$of}\"", $this->labelNames, $labels);
                $lines[] = $name . '{' . implode(',', $pairs) . '} ' . $number;
            }
        }

        return implode("\n", $lines) . "\n";
    }
}
