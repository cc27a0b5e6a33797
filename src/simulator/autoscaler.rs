//! Whoever decides how many workers each pool gets.

use crate::calculators::HostCapacity;
use crate::engine::{PoolWorkers, Turn};
use crate::metrics::MetricsReading;

/// All that is to be seen at one turn.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The instant, in seconds since the trace began.
    pub now_seconds: f64,
    /// The rows of QueueMetrics, pool by pool in the scenario's order and queue by queue within.
    pub metrics: &'a MetricsReading,
    /// Every pool's workers, in the scenario's order of pools.
    pub workers: &'a [PoolWorkers],
    /// What the host has left.
    pub host: Option<&'a HostCapacity>,
    /// The same as a manager sees it, who does not know of pools before their queues are listed.
    pub turn: Turn<'a>,
}

/// Decides how many workers each pool gets.
pub trait Autoscaler {
    /// Time between two of its turns in seconds, where it is not the manager's.
    fn turn_seconds(&self) -> Option<f64> {
        None
    }

    /// Sets each pool's target. `targets` are in the order of `sight.workers` and hold the current numbers.
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]);

    /// How many workers of the pool in that place stay until the next turn although they find no job; `None` for all.
    fn idle_floor(&self, _place: usize) -> Option<u32> {
        None
    }
}
