//! What goes into the engine each turn and what comes out of it.

use super::{PoolWorkers, ScalingDecision};
use crate::calculators::HostCapacity;
use crate::config::PoolId;
use crate::metrics::{InvalidMetrics, MetricsReading};

/// Everything known at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// A monotonic clock's instant, in seconds.
    pub now_seconds: f64,
    /// What QueueMetrics returned, row by row.
    pub metrics: &'a MetricsReading,
    /// What the supervisor knows of its workers; a pool that is missing has none.
    pub workers: &'a [PoolWorkers],
    /// What the host has left; `None` bounds nothing.
    pub host: Option<&'a HostCapacity>,
}

/// What somebody else wants for a pool, instead of the built-in strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyRecommendation {
    /// For which pool.
    pub pool: PoolId,
    /// How many workers.
    pub workers: u32,
    /// Why, for a person.
    pub reason: String,
}

/// What one turn led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// One decision for each pool, in the order of their names.
    pub decisions: Vec<ScalingDecision>,
    /// Rows that could not be used; their pools keep their workers.
    pub errors: Vec<InvalidMetrics>,
}
