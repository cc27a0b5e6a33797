<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Simulation;

use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * What is to be different in one run, as typed: "max_workers=20,prediction.breach_threshold=0.7".
 *
 * @internal
 */
final readonly class Setting
{
    private const POOLS = ['queues', 'groups'];

    private const ALL_QUEUES = '*:*';

    /** @param array<string, mixed> $values by key */
    private function __construct(
        public string $name,
        private array $values,
    ) {
    }

    /** The configuration as it is. */
    public static function none(): self
    {
        return new self('as configured', []);
    }

    /** @throws CannotStart */
    public static function parse(string $typed): self
    {
        $values = [];

        foreach (explode(',', $typed) as $pair) {
            [$key, $value] = array_map(trim(...), explode('=', $pair, limit: 2)) + [1 => null];

            if ($key === '' || $value === null) {
                throw CannotStart::because("--set: \"{$pair}\" is no KEY=VALUE; write for example --set=max_workers=20.");
            }

            $values[$key] = json_validate($value) ? json_decode($value, associative: true) : $value;
        }

        return new self($typed, $values);
    }

    public function isNone(): bool
    {
        return $this->values === [];
    }

    /** What holds in the place of "manager.interval_seconds"; null where that is not set. */
    public function intervalSeconds(): ?float
    {
        $seconds = $this->values['manager.interval_seconds'] ?? null;

        return is_numeric($seconds) ? (float) $seconds : null;
    }

    /**
     * A key with a dot is one of the whole configuration, any other is a queue's and holds for all of them.
     *
     * @param array<string, mixed> $configuration
     * @return array<string, mixed>
     */
    public function applyTo(array $configuration): array
    {
        // Whatever the traffic's queues are called, they count as named: what is set for all is to hold for them.
        $configuration['queues'][self::ALL_QUEUES] ??= [];

        foreach ($this->values as $key => $value) {
            if (str_contains($key, '.')) {
                data_set($configuration, $key, $value);

                continue;
            }

            $configuration['defaults'][$key] = $value;

            foreach (self::POOLS as $pools) {
                foreach (array_keys((array) ($configuration[$pools] ?? [])) as $pool) {
                    $configuration[$pools][$pool][$key] = $value;
                }
            }
        }

        return $configuration;
    }
}
