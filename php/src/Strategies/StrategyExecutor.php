<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Strategies;

use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\QueueForecast;
use Throwable;

/**
 * Asks the user's strategies for the queues that name one; the others keep the built-in recommendation.
 *
 * @internal
 */
final class StrategyExecutor
{
    /** @var array<string, ?ScalingStrategyContract> by pool; null for the built-in strategy */
    private array $strategies = [];

    public function __construct(
        private readonly Configuration $configuration,
        private readonly Container $container,
        private readonly Problems $problems,
    ) {
    }

    /**
     * @param array<string, QueueForecast> $forecasts by pool
     * @return array<string, array{workers: int, reason: string}> by pool
     */
    public function recommendations(array $forecasts): array
    {
        $recommendations = [];

        foreach ($forecasts as $pool => $forecast) {
            $problem = "strategy of {$pool}";

            try {
                $recommendation = $this->strategyOf($pool, $forecast)?->recommend($forecast);
                $this->problems->solved($problem);
            } catch (Throwable $thrown) {
                $this->problems->report(
                    $problem,
                    "The {$problem} failed, so the built-in one decides: {$thrown->getMessage()}",
                    $thrown,
                );

                continue;
            }

            if ($recommendation !== null) {
                $recommendations[$pool] = ['workers' => $recommendation->workers, 'reason' => $recommendation->reason];
            }
        }

        return $recommendations;
    }

    private function strategyOf(string $pool, QueueForecast $forecast): ?ScalingStrategyContract
    {
        if (! array_key_exists($pool, $this->strategies)) {
            $class = $this->configuration->poolSettings($forecast->connection, $forecast->queues)['strategy'] ?? null;
            $this->strategies[$pool] = $class === null ? null : $this->container->make($class);
        }

        return $this->strategies[$pool];
    }
}
