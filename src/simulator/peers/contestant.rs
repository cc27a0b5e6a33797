//! Who takes part.

use crate::config::{InvalidConfiguration, Limits};
use crate::environment::Environment;
use crate::judgement::cheapest_fixed_workers;
use crate::outcome::Outcome;
use crate::peers::{
    BacklogOverSla, EverythingAtFirstSight, FixedWorkers, HorizonAutoBalancing, HorizonStrategy, PeerPool,
    QueueLengthTarget,
};
use crate::run::run;
use crate::scenario::Scenario;
use crate::{Autoscaler, EngineAutoscaler, configuration_of};
use std::sync::Arc;

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Contestant {
    /// The engine, with its default settings or another `target_wait_percent`.
    Engine {
        /// `target_wait_percent`; `None` for the default.
        target_wait_percent: Option<f64>,
    },
    /// The cheapest fixed number of workers, known only afterwards.
    FixedInHindsight,
    /// Horizon's auto-balancing.
    Horizon(HorizonStrategy),
    /// Backlog ÷ SLA.
    BacklogOverSla,
    /// Kubernetes' autoscaler on the queue's length.
    QueueLengthTarget,
    /// Everything at first sight of a job: what nobody without idle workers can surpass in jobs within the SLA.
    EverythingAtFirstSight,
}

impl Contestant {
    /// The engine as it is installed.
    pub const ENGINE: Self = Self::Engine { target_wait_percent: None };

    /// All others.
    pub const PEERS: [Self; 6] = [
        Self::FixedInHindsight,
        Self::Horizon(HorizonStrategy::Time),
        Self::Horizon(HorizonStrategy::Size),
        Self::BacklogOverSla,
        Self::QueueLengthTarget,
        Self::EverythingAtFirstSight,
    ];

    /// What it is called.
    pub fn name(&self) -> String {
        match self {
            Self::Engine { target_wait_percent: None } => "Queue Autoscale".to_owned(),
            Self::Engine { target_wait_percent: Some(percent) } => format!("Queue Autoscale, wait {percent} %"),
            Self::FixedInHindsight => "fixed, in hindsight".to_owned(),
            Self::Horizon(HorizonStrategy::Time) => "Horizon auto, time".to_owned(),
            Self::Horizon(HorizonStrategy::Size) => "Horizon auto, size".to_owned(),
            Self::BacklogOverSla => "backlog / SLA".to_owned(),
            Self::QueueLengthTarget => "KEDA / HPA".to_owned(),
            Self::EverythingAtFirstSight => "all at first sight".to_owned(),
        }
    }

    /// Lets it run the scenario.
    ///
    /// # Errors
    ///
    /// Where the scenario's settings make no configuration.
    pub fn run(&self, scenario: &Scenario, environment: &Environment) -> Result<Outcome, InvalidConfiguration> {
        Ok(run(scenario, environment, self.autoscaler(scenario, environment)?.as_mut()))
    }

    /// Time between two of its turns, in seconds.
    ///
    /// # Errors
    ///
    /// Where the scenario's settings make no configuration.
    pub fn turn_seconds(&self, scenario: &Scenario, environment: &Environment) -> Result<f64, InvalidConfiguration> {
        Ok(self.autoscaler(scenario, environment)?.turn_seconds().unwrap_or(environment.turn_seconds))
    }

    /// It, before the first turn.
    pub(crate) fn autoscaler(
        &self,
        scenario: &Scenario,
        environment: &Environment,
    ) -> Result<Box<dyn Autoscaler>, InvalidConfiguration> {
        let pools = PeerPool::of(scenario);
        Ok(match self {
            Self::Engine { target_wait_percent } => {
                let configuration = configuration_of(scenario, *target_wait_percent)?;
                let pools = scenario.pools.iter().map(|traffic| traffic.pool.clone());
                Box::new(EngineAutoscaler::new(Arc::new(configuration), pools))
            }
            Self::FixedInHindsight => Box::new(FixedWorkers::new(cheapest_fixed_workers(scenario, environment))),
            Self::Horizon(strategy) => Box::new(HorizonAutoBalancing::new(pools, *strategy, most_workers(scenario))),
            Self::BacklogOverSla => Box::new(BacklogOverSla::new(pools)),
            Self::QueueLengthTarget => Box::new(QueueLengthTarget::new(pools)),
            Self::EverythingAtFirstSight => Box::new(EverythingAtFirstSight::new(pools)),
        })
    }
}

/// As many workers as the pools may have, or the host has CPU for, as whoever sets `maxProcesses` would reckon.
fn most_workers(scenario: &Scenario) -> u32 {
    let allowed: u32 = scenario.pools.iter().map(|traffic| traffic.settings.max_workers).sum();
    let cores = scenario.pools.iter().map(|traffic| traffic.settings.worker_cpu_cores).fold(0.0, f64::max);
    let Some(host) = scenario.host.filter(|_| cores > 0.0) else { return allowed };
    let limits = Limits::default();
    let room_cores = host.cpu_limit_cores * limits.max_cpu_percent / 100.0 - host.others_cpu_cores;
    allowed.min((room_cores / cores) as u32)
}
