<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Simulation;

use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Simulator;

/**
 * The traffic to simulate, by what was typed: a scenario's name, or the file of a recording or of arrivals.
 *
 * @internal
 */
final readonly class Traffic
{
    /** @param ?array<string, mixed> $scenario its settings, where it is a scenario */
    private function __construct(
        private string $typed,
        private ?array $scenario,
    ) {
    }

    /** @throws UnknownTraffic */
    public static function named(string $typed): self
    {
        foreach (Simulator::scenarios() as $scenario) {
            if ($scenario['name'] === $typed) {
                return new self($typed, $scenario['configuration']);
            }
        }

        if (is_file($typed)) {
            return new self($typed, null);
        }

        throw UnknownTraffic::named($typed);
    }

    /**
     * A scenario stands for queues of its own, with the promises and limits that make it what it is; of the user's
     * configuration, what holds for all queues holds for them.
     *
     * @param array<string, mixed> $configuration
     * @return array<string, mixed>
     */
    public function applyTo(array $configuration): array
    {
        return $this->scenario === null ? $configuration : [...$configuration, ...$this->scenario, 'excluded' => []];
    }

    /** @throws CannotStart */
    public function simulator(Configuration $configuration, int $seed): Simulator
    {
        try {
            return match (true) {
                $this->scenario !== null => Simulator::ofScenario($this->typed, $configuration, $seed),
                self::isRecording($this->typed) => Simulator::ofRecording($this->typed, $configuration, $seed),
                default => Simulator::ofArrivals($this->typed, $configuration, $seed),
            };
        } catch (InvalidArgument $invalid) {
            throw CannotStart::because($invalid->getMessage());
        }
    }

    /** A recording is lines of JSON objects, a list of arrivals begins with the names of its columns. */
    private static function isRecording(string $path): bool
    {
        return str_starts_with(ltrim((string) @file_get_contents($path, length: 64)), '{');
    }
}
