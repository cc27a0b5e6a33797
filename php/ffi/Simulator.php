<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\EngineException;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Failure;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Json;
use QueueAutoscale\Native\Library;
use QueueAutoscale\Native\Row;

/**
 * What a configuration, or a strategy, would have done on some traffic: the very same engine on simulated workers.
 *
 * Make one of some traffic, start() a run, advance() until it is done; start() others to compare. The same traffic, seed,
 * configuration and strategy give the same figures. A strategy of your own decides turn by turn:
 *
 *     while ($simulator->observe()) {
 *         $simulator->decide(myRecommendations($simulator->forecasts()));
 *     }
 */
final class Simulator
{
    /** The most turns that C takes at once. */
    private const MOST_TURNS = 0xffff_ffff;

    private readonly Handle $handle;

    private function __construct()
    {
    }

    /**
     * @return list<array{name: string, possible: bool, configuration: array<string, mixed>}> the scenarios, with the settings
     *         that make each what it is; possible: whether anybody who cannot see the future could keep the promise
     */
    public static function scenarios(): array
    {
        return Library::get()->call('qa_simulator_catalogue')['scenarios'];
    }

    /** @return list<string> the names of the strategies that start() takes */
    public static function strategies(): array
    {
        return Library::get()->call('qa_simulator_catalogue')['strategies'];
    }

    /**
     * The traffic of a scenario, on the default connection.
     *
     * @throws InvalidArgument where no scenario has the name
     */
    public static function ofScenario(string $name, Configuration $configuration, int $seed = 1): self
    {
        return self::of(['scenario' => $name], $configuration, $seed);
    }

    /**
     * The traffic that queue:autoscale --record wrote to a file.
     *
     * @throws InvalidArgument where the file cannot be read, naming the line
     */
    public static function ofRecording(string $path, Configuration $configuration, int $seed = 1): self
    {
        return self::of(['recording' => $path], $configuration, $seed);
    }

    /**
     * The traffic that a CSV file lists: arrived_at_seconds and, if you have them, duration_seconds, queue, connection.
     *
     * @throws InvalidArgument where the file cannot be read, naming the line
     */
    public static function ofArrivals(string $path, Configuration $configuration, int $seed = 1): self
    {
        return self::of(['arrivals' => $path], $configuration, $seed);
    }

    /**
     * What came in; for a recording what really happened as well.
     *
     * @return array{name: string, jobs: int, seconds: float, turn_seconds: ?float, boot_seconds: ?float, pools: list<array{
     *         connection: string, queues: string, jobs: int, mean_service_seconds: float, real: ?array{mean_workers: float,
     *         peak_workers: int, mean_pickup_seconds: float}}>}
     */
    public function traffic(): array
    {
        return $this->call('qa_simulator_traffic');
    }

    /**
     * Begins a run under a configuration, which must work the traffic's queues in the same pools.
     *
     * @param ?string $name what the run is called; null for its strategy's name
     * @param ?string $strategy one of strategies(); null for the engine
     * @param ?float $turnSeconds time between two turns; null for the recorded one, else the configuration's
     * @param ?float $bootSeconds time that a worker takes to boot; null for the recorded one, else the configuration's
     * @throws InvalidArgument for a strategy that is not known, or a number that is no time
     */
    public function start(
        Configuration $configuration,
        ?string $name = null,
        ?string $strategy = null,
        ?float $turnSeconds = null,
        ?float $bootSeconds = null,
    ): void {
        $run = Json::encode([
            'name' => $name,
            'strategy' => $strategy,
            'turn_seconds' => $turnSeconds,
            'boot_seconds' => $bootSeconds,
        ]);

        $this->call('qa_simulator_start', Handle::of($configuration), $run, strlen($run));
    }

    /**
     * Lets the strategy decide up to so many turns. Returns how much of the run is done, 1.0 for all of it.
     *
     * @throws EngineException where no run is under way
     */
    public function advance(int $turns): float
    {
        if ($turns < 0 || $turns > self::MOST_TURNS) {
            throw Failure::argument("\$turns: {$turns} where a number of turns was expected");
        }

        return $this->call('qa_simulator_advance', $turns);
    }

    /**
     * Goes on to the next turn, which is then to be decided; false once the run is over.
     *
     * @throws EngineException where no run is under way, or the turn before is not decided
     */
    public function observe(): bool
    {
        return $this->call('qa_simulator_observe');
    }

    /**
     * What the engine makes of each pool in this turn.
     *
     * @return array<string, QueueForecast> by "connection:queues"
     * @throws EngineException where no turn is to be decided
     */
    public function forecasts(): array
    {
        return Row::all(QueueForecast::class, $this->call('qa_simulator_forecasts'));
    }

    /**
     * Decides this turn: recommendations in place of the engine's, within the engine's bounds.
     *
     * @param array<string, array{workers: int, reason: string}> $recommendations by "connection:queues"
     * @throws InvalidArgument for a pool that is not known, or workers that are no number
     * @throws EngineException where no turn is to be decided
     */
    public function decide(array $recommendations = []): Evaluation
    {
        $json = $recommendations === [] ? '{}' : Json::encode($recommendations);

        return Row::make(Evaluation::class, $this->call('qa_simulator_decide', $json, strlen($json)));
    }

    /** How much of the run under way is done, from 0 to 1; 1.0 where none is under way. */
    public function progress(): float
    {
        return $this->call('qa_simulator_results')['progress'];
    }

    /**
     * The figures of all runs that are over, in their order.
     *
     * @return list<array<string, mixed>> name, strategy, turn_seconds, boot_seconds, jobs, within_sla_percent,
     *         p50_pickup_seconds, p95_pickup_seconds, p99_pickup_seconds (null: never picked up), worker_seconds,
     *         least_worker_seconds, cost_ratio, utilisation_percent, actions_per_hour, reversals_per_hour,
     *         under_accuracy_percent, over_accuracy_percent, under_timeshare_percent, over_timeshare_percent,
     *         instability_percent, pools (the like of each pool)
     */
    public function results(): array
    {
        return $this->call('qa_simulator_results')['results'];
    }

    /**
     * All runs that are over as one HTML page with charts, which needs no other file.
     *
     * @throws EngineException where no run is over
     */
    public function report(): string
    {
        return $this->call('qa_simulator_report');
    }

    /** @param array<string, string> $traffic */
    private static function of(array $traffic, Configuration $configuration, int $seed): self
    {
        if ($seed < 0) {
            throw Failure::argument("\$seed: {$seed} where a number of at least 0 was expected");
        }

        $json = Json::encode($traffic);
        $simulator = new self();
        $simulator->handle = Library::get()->make('qa_simulator', Handle::of($configuration), $json, strlen($json), $seed);

        return $simulator;
    }

    private function call(string $function, mixed ...$arguments): mixed
    {
        return Library::get()->call($function, $this->handle->pointer, ...$arguments);
    }
}
