<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Simulation;

use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Simulator;

/**
 * One run to make.
 *
 * @internal
 */
final readonly class Run
{
    /** @param ?string $strategy a name of Simulator::strategies(), or a class; null for the configured one */
    private function __construct(
        public Setting $setting,
        private ?string $strategy,
        private ?float $turnSeconds,
        public ?float $bootSeconds,
    ) {
    }

    /** @throws CannotStart where nothing is a strategy of that name */
    public static function of(Setting $setting, ?string $strategy, ?float $turnSeconds, ?float $bootSeconds): self
    {
        $isKnown = $strategy === null
            || in_array($strategy, Simulator::strategies(), strict: true)
            || is_a($strategy, ScalingStrategyContract::class, allow_string: true);

        if (! $isKnown) {
            throw CannotStart::because(sprintf(
                '--strategy: %s is neither a strategy (%s) nor a class that implements %s.',
                $strategy,
                implode(', ', Simulator::strategies()),
                ScalingStrategyContract::class,
            ));
        }

        return new self($setting, $strategy, $turnSeconds, $bootSeconds);
    }

    /** Tells it from the others. */
    public function name(): string
    {
        return match (true) {
            $this->strategy === null => $this->setting->name,
            $this->setting->isNone() => class_basename($this->strategy),
            default => class_basename($this->strategy) . ", {$this->setting->name}",
        };
    }

    public function turnSeconds(): ?float
    {
        return $this->turnSeconds ?? $this->setting->intervalSeconds();
    }

    /** The name of the strategy that decides in Rust; null for the engine with whatever its queues name. */
    public function builtInStrategy(): ?string
    {
        return $this->strategyClass() === null ? $this->strategy : null;
    }

    /**
     * @param array<string, mixed> $configuration
     * @return array<string, mixed> with the strategy's class for every queue
     */
    public function applyTo(array $configuration): array
    {
        $configuration = $this->setting->applyTo($configuration);

        if ($this->strategyClass() === null) {
            return $configuration;
        }

        foreach (['queues', 'groups'] as $pools) {
            foreach (array_keys((array) ($configuration[$pools] ?? [])) as $pool) {
                unset($configuration[$pools][$pool]['strategy']);
            }
        }

        return [...$configuration, 'strategy' => $this->strategyClass()];
    }

    private function strategyClass(): ?string
    {
        return $this->strategy !== null && class_exists($this->strategy) ? $this->strategy : null;
    }
}
