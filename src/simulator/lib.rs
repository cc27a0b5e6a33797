//! Discrete-event replay of traffic against the very same engine that runs in production, and against others.
//!
//! A [`Scenario`] is traffic and what its user has set; an [`Environment`] is how the manager sees it and how long things
//! take; an [`Autoscaler`] decides. [`run()`] brings the three together, the same way each time.

mod autoscaler;
mod backlog;
pub mod catalogue;
mod completions;
mod engine_autoscaler;
mod environment;
mod events;
pub mod experiment;
pub mod judgement;
mod observer;
mod outcome;
pub mod peers;
mod pool_run;
pub mod recorded;
#[cfg(feature = "report")]
pub mod report;
mod run;
mod scenario;
mod scenario_configuration;
mod simulation;
pub mod traffic;
mod workforce;

pub use autoscaler::{Autoscaler, Sight};
pub use engine_autoscaler::EngineAutoscaler;
pub use environment::{Environment, ReportedDurations};
pub use outcome::{Outcome, PoolOutcome, Sample};
pub use run::run;
pub use scenario::{Host, PoolTraffic, Scenario};
pub use scenario_configuration::configuration_of;
pub use simulation::Simulation;

// Lower crates' modules have the same names in every crate.
use queue_autoscale_core::{calculators, config, engine, metrics};
