<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Simulation;

use Closure;
use Illuminate\Contracts\Config\Repository;
use Illuminate\Contracts\Container\Container;
use Psr\Log\NullLogger;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Strategies\StrategyExecutor;
use QueueAutoscale\Simulator;

/**
 * Runs the same traffic under several settings and strategies, those written in PHP included.
 *
 * @internal
 */
final class Simulation
{
    /** Between two reports of progress: many for what Rust decides, few enough to be seen. */
    private const TURNS_AT_ONCE = 250;

    public function __construct(
        private readonly ConfigurationFactory $configurations,
        private readonly Repository $config,
        private readonly Container $container,
    ) {
    }

    /**
     * @param list<Run> $runs
     * @param Closure(Run, float): void $progress is told the share of the run that is done
     * @param Closure(string): void $problem is told what goes wrong with a strategy
     * @throws CannotStart
     */
    public function run(Traffic $traffic, array $runs, int $seed, Closure $progress, Closure $problem): Simulator
    {
        $values = $traffic->applyTo((array) $this->config->get('queue-autoscale'));
        // Whatever is wrong is to be known before the first run has taken its time.
        $configurations = array_map(fn(Run $run): Configuration => $this->configurations->of($run->applyTo($values)), $runs);
        $simulator = $traffic->simulator($this->configurations->of($values), $seed);

        foreach ($runs as $place => $run) {
            $this->start($simulator, $configurations[$place], $run);
            $strategies = $this->strategies($simulator, $configurations[$place], $run, $problem);

            while ($this->goOn($simulator, $strategies)) {
                $progress($run, $simulator->progress());
            }

            $progress($run, 1.0);
        }

        return $simulator;
    }

    private function start(Simulator $simulator, Configuration $configuration, Run $run): void
    {
        try {
            $simulator->start($configuration, $run->name(), $run->builtInStrategy(), $run->turnSeconds(), $run->bootSeconds);
        } catch (InvalidArgument $invalid) {
            throw CannotStart::because("{$run->name()}: {$invalid->getMessage()}");
        }
    }

    private function goOn(Simulator $simulator, ?StrategyExecutor $strategies): bool
    {
        if ($strategies === null) {
            return $simulator->advance(self::TURNS_AT_ONCE) < 1.0;
        }

        for ($turn = 0; $turn < self::TURNS_AT_ONCE; $turn++) {
            if (! $simulator->observe()) {
                return false;
            }

            $simulator->decide($strategies->recommendations($simulator->forecasts()));
        }

        return true;
    }

    /** The strategies of the user's that some of the queues name; null where the run is decided without any. */
    private function strategies(Simulator $simulator, Configuration $configuration, Run $run, Closure $problem): ?StrategyExecutor
    {
        foreach ($run->builtInStrategy() === null ? $simulator->traffic()['pools'] : [] as $pool) {
            if (($configuration->poolSettings($pool['connection'], $pool['queues'])['strategy'] ?? null) !== null) {
                $problems = new Problems(new NullLogger());
                $problems->listen($problem);

                return new StrategyExecutor($configuration, $this->container, $problems);
            }
        }

        return null;
    }
}
