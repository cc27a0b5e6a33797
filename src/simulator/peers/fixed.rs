//! A fixed number of workers.

use crate::autoscaler::{Autoscaler, Sight};

/// As many workers as somebody has set, whatever happens.
#[derive(Clone, Debug)]
pub struct FixedWorkers {
    workers: Vec<u32>,
}

impl FixedWorkers {
    /// That many in each pool, in the scenario's order.
    pub fn new(workers: Vec<u32>) -> Self {
        Self { workers }
    }
}

impl Autoscaler for FixedWorkers {
    fn decide(&mut self, _sight: &Sight<'_>, targets: &mut [u32]) {
        targets.copy_from_slice(&self.workers);
    }
}
