//! Strategy, constraints, allocation and decisions. Pure: the instant and the host's capacity come in as arguments.

mod allocation;
mod attempt_totals;
mod contradiction;
mod decimal;
mod decision;
mod directory;
#[expect(clippy::module_inception, reason = "the orchestrator, named as in the design")]
mod engine;
mod explanation;
mod forecast;
mod host_room;
mod pool;
mod pool_workers;
mod prediction;
mod reading;
mod stabilisation;
mod steps;
mod strategy;
mod turn;
mod turn_clock;
mod wake_up;

pub use attempt_totals::AttemptTotals;
pub use decision::{
    Component, Constraint, ConstraintKind, IDLE_GRACE_SECONDS, ScalingDecision, ServiceTimeSource, SlaState,
};
pub use engine::ScalingEngine;
pub use forecast::{Driver, PoolForecast, Recommendation, StrategyInputs};
pub use pool_workers::PoolWorkers;
pub use strategy::{PredictiveStrategy, ScalingStrategy};
pub use turn::{Evaluation, StrategyRecommendation, Turn};
pub use wake_up::WakeUp;
