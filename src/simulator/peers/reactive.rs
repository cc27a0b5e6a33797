//! Workers for the jobs that are there now.

use super::pools::{PeerPool, jobs_of};
use crate::autoscaler::{Autoscaler, Sight};

/// As many workers as clear the jobs that wait within the SLA: backlog × duration ÷ SLA, at least one where there is
/// any job.
#[derive(Clone, Debug)]
pub struct BacklogOverSla {
    pools: Vec<PeerPool>,
}

impl BacklogOverSla {
    /// For these pools.
    pub fn new(pools: Vec<PeerPool>) -> Self {
        Self { pools }
    }
}

impl Autoscaler for BacklogOverSla {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        for ((pool, jobs), target) in self.pools.iter().zip(jobs_of(&self.pools, sight.metrics)).zip(targets) {
            let Some(jobs) = jobs else { continue };
            let for_waiting = jobs.pending * pool.mean_service_seconds / pool.max_pickup_time_seconds;
            *target = pool.clamp(if jobs.reserved > 0.0 { for_waiting.max(1.0) } else { for_waiting });
        }
    }
}

/// All workers allowed from the first turn that sees a job until none is left.
///
/// With a queue in order of arrival, no strategy that keeps no idle worker ready picks up more jobs in time: before the
/// first turn that sees them nobody can have reacted, and after it nobody can have more workers.
#[derive(Clone, Debug)]
pub struct EverythingAtFirstSight {
    pools: Vec<PeerPool>,
}

impl EverythingAtFirstSight {
    /// For these pools.
    pub fn new(pools: Vec<PeerPool>) -> Self {
        Self { pools }
    }
}

impl Autoscaler for EverythingAtFirstSight {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        for ((pool, jobs), target) in self.pools.iter().zip(jobs_of(&self.pools, sight.metrics)).zip(targets) {
            let Some(jobs) = jobs else { continue };
            *target = if jobs.pending + jobs.reserved > 0.0 { pool.max_workers } else { pool.min_workers };
        }
    }
}
