//! Discrete-event replay of traffic against the very same engine that runs in production, and against others.
//!
//! A [`Scenario`] is traffic and what its user has set; an [`Environment`] is how the manager sees it and how long things
//! take; an [`Autoscaler`] decides. [`run`] brings the three together, the same way each time.

mod autoscaler;
mod backlog;
mod completions;
mod environment;
mod events;
pub mod judgement;
mod observer;
mod outcome;
pub mod peers;
mod pool_run;
mod run;
mod scenario;
pub mod traffic;
mod workforce;

pub use autoscaler::{Autoscaler, Sight};
pub use environment::{Environment, ReportedDurations};
pub use outcome::{Outcome, PoolOutcome, Sample};
pub use run::run;
pub use scenario::{Host, PoolTraffic, Scenario};
