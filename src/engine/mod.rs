//! Strategy, constraints, allocation and decisions. Pure: the instant and the host's capacity come in as arguments.

mod decision;
mod pool_workers;

pub use decision::{Component, Constraint, ConstraintKind, ScalingDecision, ServiceTimeSource, SlaState};
pub use pool_workers::PoolWorkers;
