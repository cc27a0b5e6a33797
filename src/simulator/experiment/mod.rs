//! A user's question: what would these settings, or this strategy, have done on that traffic?

mod course;
mod error;
mod figures;
mod named;
mod strategy;
mod traffic;

pub use error::ExperimentError;
pub use figures::{PoolFigures, RunFigures};
pub use named::{NamedScenario, named_scenarios};
pub use strategy::Strategy;
pub use traffic::{RealFigures, TrafficFigures};

use super::environment::Environment;
use super::recorded::{Recording, Replay, read_arrivals};
use super::scenario::Scenario;
use crate::config::Configuration;
use crate::engine::{Evaluation, PoolForecast, StrategyRecommendation};
use course::Course;
use std::io::{BufRead, Read};
use std::sync::Arc;

/// How one run is to be.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// What it is called among others.
    pub name: String,
    /// Who decides.
    pub strategy: Strategy,
    /// Time between two turns in seconds; `None` for the recorded one, else the configuration's.
    pub turn_seconds: Option<f64>,
    /// Time that a worker takes to boot in seconds; `None` for the recorded one, else the configuration's.
    pub boot_seconds: Option<f64>,
}

/// A run that is over.
#[derive(Debug)]
struct FinishedRun {
    figures: RunFigures,
    #[cfg(feature = "report")]
    summary: super::judgement::Summary,
    #[cfg(feature = "report")]
    outcome: super::outcome::Outcome,
}

/// Traffic, and the runs that were made of it.
#[derive(Debug)]
pub struct Experiment {
    scenario: Scenario,
    /// Turns and boots as recorded; `None` where the traffic is no recording.
    recorded: Option<Environment>,
    real: Vec<RealFigures>,
    under_way: Option<Course>,
    finished: Vec<FinishedRun>,
}

impl Experiment {
    /// The traffic of a named scenario, on the default connection's queues.
    ///
    /// # Errors
    ///
    /// Where no scenario has the name, or `configuration` leaves one of its queues alone.
    pub fn of_scenario(name: &str, configuration: &Configuration, seed: u64) -> Result<Self, ExperimentError> {
        let scenario = named::find(name)?.scenario(seed);
        Ok(Self::of(traffic::on_default_connection(scenario, configuration), None, Vec::new()))
    }

    /// The traffic that a manager recorded.
    ///
    /// # Errors
    ///
    /// Where the recording cannot be used.
    pub fn of_recording(
        recording: impl BufRead,
        configuration: &Configuration,
        seed: u64,
    ) -> Result<Self, ExperimentError> {
        let replay = Replay::of(&Recording::read(recording)?, configuration, seed)?;
        let real = replay.real.iter().map(RealFigures::of).collect();
        Ok(Self::of(replay.scenario, Some(replay.environment), real))
    }

    /// A list of arrivals as CSV (see [`read_arrivals`]).
    ///
    /// # Errors
    ///
    /// Where the list cannot be used.
    pub fn of_arrivals(csv: impl Read, configuration: &Configuration, seed: u64) -> Result<Self, ExperimentError> {
        Ok(Self::of(read_arrivals(csv, configuration, seed)?, None, Vec::new()))
    }

    fn of(scenario: Scenario, recorded: Option<Environment>, real: Vec<RealFigures>) -> Self {
        Self { scenario, recorded, real, under_way: None, finished: Vec::new() }
    }

    /// What came in, and for a recording what really happened.
    pub fn traffic(&self) -> TrafficFigures {
        TrafficFigures::of(&self.scenario, self.recorded.as_ref(), &self.real)
    }

    /// Begins a run under `configuration`. One that is under way is dropped.
    ///
    /// # Errors
    ///
    /// Where a time is none, or the configuration does not work the traffic's queues in the same pools.
    pub fn start(&mut self, options: RunOptions, configuration: Arc<Configuration>) -> Result<(), ExperimentError> {
        self.under_way = None;
        let mut scenario = traffic::under(&self.scenario, &configuration)?;
        if options.boot_seconds.is_some() {
            scenario.pools.iter_mut().for_each(|traffic| traffic.boot_seconds = None);
        }
        self.under_way = Some(Course::new(options, scenario, self.recorded.as_ref(), configuration)?);
        Ok(())
    }

    /// Lets the run's strategy take up to so many turns. Returns how much of the run is done, 1 for all of it.
    ///
    /// # Errors
    ///
    /// Where no run is under way.
    pub fn advance(&mut self, turns: u32) -> Result<f64, ExperimentError> {
        for _ in 0..turns {
            if !self.course()?.take_turn() {
                self.finish();
                return Ok(1.0);
            }
        }
        Ok(self.course()?.share_done())
    }

    /// Goes on to the run's next turn, for somebody else to decide; `false` once the run is over.
    ///
    /// # Errors
    ///
    /// Where no run is under way, its strategy is not the engine, or the turn before was not decided.
    pub fn observe(&mut self) -> Result<bool, ExperimentError> {
        let goes_on = self.course()?.observe()?;
        if !goes_on {
            self.finish();
        }
        Ok(goes_on)
    }

    /// What the engine makes of each pool in the turn that is to be decided.
    ///
    /// # Errors
    ///
    /// Where no turn is to be decided.
    pub fn forecasts(&mut self) -> Result<impl ExactSizeIterator<Item = &PoolForecast> + Clone, ExperimentError> {
        self.course()?.forecasts()
    }

    /// Decides the turn: what others want in place of the engine's recommendation, within the engine's bounds.
    ///
    /// # Errors
    ///
    /// Where no turn is to be decided.
    pub fn decide(&mut self, wishes: &[StrategyRecommendation]) -> Result<Evaluation, ExperimentError> {
        self.course()?.decide(wishes)
    }

    /// How much of the run under way is done, 0 ..= 1; 1 where none is.
    pub fn share_done(&self) -> f64 {
        self.under_way.as_ref().map_or(1.0, Course::share_done)
    }

    /// The figures of all runs that are over, in their order.
    pub fn results(&self) -> impl Iterator<Item = &RunFigures> {
        self.finished.iter().map(|run| &run.figures)
    }

    /// All runs that are over as one page with charts.
    ///
    /// # Errors
    ///
    /// Where no run is over, or a chart cannot be drawn.
    #[cfg(feature = "report")]
    pub fn report(&self) -> Result<String, ExperimentError> {
        use super::report::{Run, run_page};
        if self.finished.is_empty() {
            return Err(ExperimentError::NothingFinished);
        }
        let runs = self.finished.iter().map(|run| Run {
            name: run.figures.name.clone(),
            outcome: &run.outcome,
            summary: run.summary,
        });
        Ok(run_page(&self.scenario, &runs.collect::<Vec<_>>())?)
    }

    fn course(&mut self) -> Result<&mut Course, ExperimentError> {
        self.under_way.as_mut().ok_or(ExperimentError::NothingUnderWay)
    }

    fn finish(&mut self) {
        if let Some(course) = self.under_way.take() {
            let (figures, _summary, _outcome) = course.finish();
            self.finished.push(FinishedRun {
                figures,
                #[cfg(feature = "report")]
                summary: _summary,
                #[cfg(feature = "report")]
                outcome: _outcome,
            });
        }
    }
}
