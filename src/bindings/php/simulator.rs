//! `QueueAutoscale\Simulator`.

use super::configuration::{ArrayArgument, ArrayResult, Configuration};
use super::entry::guarded;
use super::exceptions::Failure;
use super::pool_strings::PoolStrings;
use super::scaling_engine::{Evaluation, forecasts_of, read_recommendations};
use crate::bindings::simulator_traffic::{Traffic, TrafficError};
use crate::simulator::experiment::{Experiment, ExperimentError, RunFigures, RunOptions, Strategy, named_scenarios};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Configuration(error) => Self::Configuration(error),
            ExperimentError::NoTime { name, .. } => {
                let parameter = if name == "turn_seconds" { "$turnSeconds" } else { "$bootSeconds" };
                Self::Argument(error.to_string().replace(name, parameter))
            }
            ExperimentError::NothingUnderWay
            | ExperimentError::NothingFinished
            | ExperimentError::DecidesItself(_)
            | ExperimentError::OutOfTurn(_)
            | ExperimentError::Chart(_) => Self::Engine(error.to_string()),
            other => Self::Argument(other.to_string()),
        }
    }
}

impl From<TrafficError> for Failure {
    fn from(error: TrafficError) -> Self {
        match error {
            TrafficError::Experiment(error) => error.into(),
            file @ TrafficError::File { .. } => Self::Argument(file.to_string()),
        }
    }
}

/// What a configuration, or a strategy, would have done on some traffic: the very same engine on simulated workers.
///
/// Make one of some traffic, start() a run, advance() until it is done; start() others to compare. The same traffic, seed,
/// configuration and strategy give the same figures. A strategy of your own decides turn by turn:
///
///     while ($simulator->observe()) {
///         $simulator->decide(myRecommendations($simulator->forecasts()));
///     }
#[php_class]
#[php(name = "QueueAutoscale\\Simulator")]
#[php(flags = ClassFlags::Final)]
pub struct Simulator {
    experiment: Experiment,
}

#[php_impl]
impl Simulator {
    #[php(vis = "private")]
    pub fn __construct() -> PhpResult<Self> {
        guarded(|| Err(Failure::Engine("a simulator is made of some traffic".to_owned())))
    }

    /// The scenarios, with the settings that make each what it is.
    ///
    /// @return list<array{name: string, possible: bool, configuration: array<string, mixed>}> possible: whether anybody who
    ///         cannot see the future could keep the promise
    pub fn scenarios() -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&named_scenarios()))
    }

    /// The names of the strategies that start() takes.
    ///
    /// @return list<string>
    pub fn strategies() -> Vec<String> {
        Strategy::ALL.iter().map(|strategy| strategy.name().to_owned()).collect()
    }

    /// The traffic of a scenario, on the default connection.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument where no scenario has the name
    #[php(defaults(seed = 1))]
    pub fn of_scenario(name: String, configuration: &Configuration, seed: i64) -> PhpResult<Self> {
        Self::open(&Traffic::Scenario(name), configuration, seed)
    }

    /// The traffic that queue:autoscale --record wrote to a file.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument where the file cannot be read, naming the line
    #[php(defaults(seed = 1))]
    pub fn of_recording(path: String, configuration: &Configuration, seed: i64) -> PhpResult<Self> {
        Self::open(&Traffic::Recording(path), configuration, seed)
    }

    /// The traffic that a CSV file lists: arrived_at_seconds and, if you have them, duration_seconds, queue, connection.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument where the file cannot be read, naming the line
    #[php(defaults(seed = 1))]
    pub fn of_arrivals(path: String, configuration: &Configuration, seed: i64) -> PhpResult<Self> {
        Self::open(&Traffic::Arrivals(path), configuration, seed)
    }

    /// What came in; for a recording what really happened as well.
    ///
    /// @return array{name: string, jobs: int, seconds: float, turn_seconds: ?float, boot_seconds: ?float, pools: list<array{
    ///         connection: string, queues: string, jobs: int, mean_service_seconds: float, real: ?array{mean_workers: float,
    ///         peak_workers: int, mean_pickup_seconds: float}}>}
    pub fn traffic(&self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.experiment.traffic()))
    }

    /// Begins a run under a configuration, which must work the traffic's queues in the same pools.
    ///
    /// @param ?string $name what the run is called; null for its strategy's name
    /// @param ?string $strategy one of strategies(); null for the engine
    /// @param ?float $turnSeconds time between two turns; null for the recorded one, else the configuration's
    /// @param ?float $bootSeconds time that a worker takes to boot; null for the recorded one, else the configuration's
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a strategy that is not known, or a number that is no time
    pub fn start(
        &mut self,
        configuration: &Configuration,
        name: Option<String>,
        strategy: Option<String>,
        turnSeconds: Option<f64>,
        bootSeconds: Option<f64>,
    ) -> PhpResult<()> {
        guarded(|| {
            let strategy = strategy.as_deref().map_or(Ok(Strategy::ENGINE), Strategy::named)?;
            let options = RunOptions {
                name: name.unwrap_or_else(|| strategy.name().to_owned()),
                strategy,
                turn_seconds: turnSeconds,
                boot_seconds: bootSeconds,
            };
            Ok(self.experiment.start(options, configuration.shared())?)
        })
    }

    /// Lets the strategy decide up to so many turns. Returns how much of the run is done, 1.0 for all of it.
    ///
    /// @throws \QueueAutoscale\Exception\EngineException where no run is under way
    pub fn advance(&mut self, turns: i64) -> PhpResult<f64> {
        guarded(|| {
            let turns = u32::try_from(turns)
                .map_err(|_| Failure::Argument(format!("$turns: {turns} where a number of turns was expected")))?;
            Ok(self.experiment.advance(turns)?)
        })
    }

    /// Goes on to the next turn, which is then to be decided; false once the run is over.
    ///
    /// @throws \QueueAutoscale\Exception\EngineException where no run is under way, or the turn before is not decided
    pub fn observe(&mut self) -> PhpResult<bool> {
        guarded(|| Ok(self.experiment.observe()?))
    }

    /// What the engine makes of each pool in this turn.
    ///
    /// @return array<string, QueueForecast> by "connection:queues"
    /// @throws \QueueAutoscale\Exception\EngineException where no turn is to be decided
    pub fn forecasts(&mut self) -> PhpResult<ArrayResult> {
        guarded(|| forecasts_of(self.experiment.forecasts()?, &mut PoolStrings::default()))
    }

    /// Decides this turn: recommendations in place of the engine's, within the engine's bounds.
    ///
    /// @param array<string, array{workers: int, reason: string}> $recommendations by "connection:queues"
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a pool that is not known, or workers that are no number
    /// @throws \QueueAutoscale\Exception\EngineException where no turn is to be decided
    #[php(defaults(recommendations = ArrayArgument::EMPTY))]
    pub fn decide(&mut self, recommendations: ArrayArgument<'_>) -> PhpResult<Evaluation> {
        guarded(|| {
            let wishes = read_recommendations(self.experiment.forecasts()?, &recommendations)?;
            Ok(Evaluation::of(self.experiment.decide(&wishes)?))
        })
    }

    /// How much of the run under way is done, from 0 to 1; 1.0 where none is under way.
    pub fn progress(&self) -> f64 {
        self.experiment.share_done()
    }

    /// The figures of all runs that are over, in their order.
    ///
    /// @return list<array<string, mixed>> name, strategy, turn_seconds, boot_seconds, jobs, within_sla_percent,
    ///         p50_pickup_seconds, p95_pickup_seconds, p99_pickup_seconds (null: never picked up), worker_seconds,
    ///         least_worker_seconds, cost_ratio, utilisation_percent, actions_per_hour, reversals_per_hour,
    ///         under_accuracy_percent, over_accuracy_percent, under_timeshare_percent, over_timeshare_percent,
    ///         instability_percent, pools (the like of each pool)
    pub fn results(&self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.experiment.results().collect::<Vec<&RunFigures>>()))
    }

    /// All runs that are over as one HTML page with charts, which needs no other file.
    ///
    /// @throws \QueueAutoscale\Exception\EngineException where no run is over
    pub fn report(&self) -> PhpResult<String> {
        guarded(|| Ok(self.experiment.report()?))
    }
}

impl Simulator {
    fn open(traffic: &Traffic, configuration: &Configuration, seed: i64) -> PhpResult<Self> {
        guarded(|| {
            let seed = u64::try_from(seed)
                .map_err(|_| Failure::Argument(format!("$seed: {seed} where a number of at least 0 was expected")))?;
            Ok(Self { experiment: traffic.open(&configuration.shared(), seed)? })
        })
    }
}
