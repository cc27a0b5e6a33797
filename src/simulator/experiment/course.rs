//! One run under way.

use super::{ExperimentError, RunFigures, RunOptions};
use crate::autoscaler::Autoscaler;
use crate::config::{Configuration, PoolId};
use crate::engine::{Evaluation, PoolForecast, PoolWorkers, ScalingEngine, StrategyRecommendation};
use crate::environment::Environment;
use crate::judgement::{Bounds, Summary};
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::simulation::Simulation;
use std::fmt;
use std::sync::Arc;

/// Who decides.
enum Decider {
    Engine(Box<ScalingEngine>),
    Peer(Box<dyn Autoscaler>),
}

/// One run under way.
pub(super) struct Course {
    options: RunOptions,
    scenario: Scenario,
    environment: Environment,
    simulation: Simulation,
    decider: Decider,
    /// Every pool's workers in a turn that has begun; empty where the next one has not.
    targets: Vec<u32>,
    /// How many of them stay although they find no job, in the order of the targets; `None` for all.
    idle_floors: Vec<Option<u32>>,
}

impl Course {
    /// `scenario` bears the configuration's settings.
    pub(super) fn new(
        options: RunOptions,
        scenario: Scenario,
        recorded: Option<&Environment>,
        configuration: Arc<Configuration>,
    ) -> Result<Self, ExperimentError> {
        let mut environment = environment(&options, recorded, &configuration)?;
        let decider = match options.strategy.peer() {
            None => Decider::Engine(Box::new(ScalingEngine::new(configuration))),
            Some(peer) => Decider::Peer(peer.autoscaler(&scenario, &environment)?),
        };
        if let Decider::Peer(peer) = &decider {
            environment.turn_seconds = peer.turn_seconds().unwrap_or(environment.turn_seconds);
        }
        let simulation = Simulation::new(&scenario, &environment);
        Ok(Self { options, scenario, environment, simulation, decider, targets: Vec::new(), idle_floors: Vec::new() })
    }

    /// One turn, decided by the strategy; `false` where none is left.
    pub(super) fn take_turn(&mut self) -> bool {
        if self.targets.is_empty() && !self.see() {
            return false;
        }
        if matches!(self.decider, Decider::Engine(_)) {
            self.decided(&[]);
        }
        self.scale();
        true
    }

    pub(super) fn observe(&mut self) -> Result<bool, ExperimentError> {
        self.engine()?;
        if !self.targets.is_empty() {
            return Err(ExperimentError::OutOfTurn("the turn before is not decided yet"));
        }
        Ok(self.see())
    }

    pub(super) fn forecasts(
        &mut self,
    ) -> Result<impl ExactSizeIterator<Item = &PoolForecast> + Clone, ExperimentError> {
        self.check_turn()?;
        Ok(self.engine()?.recommendations())
    }

    pub(super) fn decide(&mut self, wishes: &[StrategyRecommendation]) -> Result<Evaluation, ExperimentError> {
        self.engine()?;
        self.check_turn()?;
        let evaluation = self.decided(wishes);
        self.scale();
        Ok(evaluation)
    }

    pub(super) fn share_done(&self) -> f64 {
        // All that came in may be done later, or never.
        const MOST: f64 = 0.99;
        (self.simulation.now_seconds() / self.scenario.seconds.max(f64::MIN_POSITIVE)).min(MOST)
    }

    pub(super) fn finish(self) -> (RunFigures, Summary, Outcome) {
        let bounds = Bounds::of(&self.scenario, &self.environment);
        let outcome = self.simulation.finish();
        let summary = Summary::of(&self.scenario, &outcome, &bounds);
        let figures = RunFigures::of(&self.options, &self.environment, &self.scenario, &outcome, &summary);
        (figures, summary, outcome)
    }

    /// Goes on to the next turn and lets the decider look; `false` where none is left.
    fn see(&mut self) -> bool {
        let Some(sight) = self.simulation.next_turn() else { return false };
        self.targets.extend(sight.workers.iter().map(PoolWorkers::current));
        match &mut self.decider {
            Decider::Engine(engine) => engine.observe(sight.turn),
            Decider::Peer(peer) => peer.decide(&sight, &mut self.targets),
        }
        true
    }

    /// Lets the engine decide, and sets the targets accordingly.
    fn decided(&mut self, wishes: &[StrategyRecommendation]) -> Evaluation {
        let Decider::Engine(engine) = &mut self.decider else { return Evaluation::default() };
        let evaluation = engine.decide(wishes);
        self.idle_floors.resize(self.targets.len(), None);
        let targets = self.targets.iter_mut().zip(&mut self.idle_floors);
        for (traffic, (target, floor)) in self.scenario.pools.iter().zip(targets) {
            let is_of = |pool: &PoolId| *pool == traffic.pool;
            if let Some(decision) = evaluation.decisions.iter().find(|decision| is_of(&decision.pool)) {
                *target = decision.target_workers;
                *floor = Some(decision.idle_floor_workers);
            }
        }
        evaluation
    }

    fn scale(&mut self) {
        self.simulation.scale(&self.targets, |place| self.idle_floors.get(place).copied().flatten());
        self.targets.clear();
    }

    fn check_turn(&self) -> Result<(), ExperimentError> {
        if self.targets.is_empty() {
            return Err(ExperimentError::OutOfTurn("no turn is to be decided; observe one first"));
        }
        Ok(())
    }

    fn engine(&mut self) -> Result<&mut ScalingEngine, ExperimentError> {
        match &mut self.decider {
            Decider::Engine(engine) => Ok(engine),
            Decider::Peer(_) => Err(ExperimentError::DecidesItself(self.options.strategy.name())),
        }
    }
}

impl fmt::Debug for Course {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Course").field("options", &self.options).finish_non_exhaustive()
    }
}

/// The world as it was recorded; else as the configuration expects it, with workers that sleep between two looks.
fn environment(
    options: &RunOptions,
    recorded: Option<&Environment>,
    configuration: &Configuration,
) -> Result<Environment, ExperimentError> {
    let settings = configuration.default_settings();
    let usual = Environment {
        turn_seconds: configuration.interval_seconds,
        boot_seconds: settings.prediction.default_boot_seconds,
        poll_seconds: settings.workers.sleep_seconds,
        ..Environment::default()
    };
    let around = recorded.cloned().unwrap_or(usual);
    Ok(Environment {
        turn_seconds: seconds("turn_seconds", options.turn_seconds)?.unwrap_or(around.turn_seconds),
        boot_seconds: seconds("boot_seconds", options.boot_seconds)?.unwrap_or(around.boot_seconds),
        ..around
    })
}

fn seconds(name: &'static str, seconds: Option<f64>) -> Result<Option<f64>, ExperimentError> {
    match seconds {
        Some(seconds) if !(seconds.is_finite() && seconds > 0.0) => Err(ExperimentError::NoTime { name, seconds }),
        other => Ok(other),
    }
}
