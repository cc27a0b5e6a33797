//! Horizon's auto-balancing, as its documentation describes it.

use super::pools::{PeerPool, PoolJobs, jobs_of};
use crate::autoscaler::{Autoscaler, Sight};

/// Default of `balanceCooldown`, in seconds (Laravel's documentation, "Horizon", section "Auto Balancing").
const BALANCE_COOLDOWN_SECONDS: f64 = 3.0;
/// Default of `balanceMaxShift`, in processes (same section).
const BALANCE_MAX_SHIFT: u32 = 1;
/// `minProcesses` of the documentation's example, and the least that Horizon keeps for a queue.
const MIN_PROCESSES: u32 = 1;

/// What `autoScalingStrategy` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HorizonStrategy {
    /// Processes in proportion to the time that clearing each queue takes.
    Time,
    /// Processes in proportion to the jobs in each queue.
    Size,
}

/// A Horizon supervisor with `balance` set to `auto`.
///
/// Every `balanceCooldown` it moves each queue by at most `balanceMaxShift` processes towards its share of
/// `maxProcesses`. The share is the queue's part of the whole workload, so a queue that is alone and not empty is due
/// all of them, and an empty one `minProcesses`.
#[derive(Clone, Debug)]
pub struct HorizonAutoBalancing {
    pools: Vec<PeerPool>,
    strategy: HorizonStrategy,
    max_processes: u32,
}

impl HorizonAutoBalancing {
    /// One supervisor for all pools, with `max_processes` for all of them together.
    pub fn new(pools: Vec<PeerPool>, strategy: HorizonStrategy, max_processes: u32) -> Self {
        Self { pools, strategy, max_processes }
    }

    fn workload(&self, pool: &PeerPool, jobs: PoolJobs) -> f64 {
        match self.strategy {
            HorizonStrategy::Time => jobs.pending * pool.mean_service_seconds,
            HorizonStrategy::Size => jobs.pending,
        }
    }
}

impl Autoscaler for HorizonAutoBalancing {
    fn turn_seconds(&self) -> Option<f64> {
        Some(BALANCE_COOLDOWN_SECONDS)
    }

    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        let jobs = jobs_of(&self.pools, sight.metrics);
        let workloads: Vec<Option<f64>> =
            self.pools.iter().zip(jobs).map(|(pool, jobs)| jobs.map(|jobs| self.workload(pool, jobs))).collect();
        let total: f64 = workloads.iter().flatten().sum();
        let mut room = self.max_processes.saturating_sub(targets.iter().sum());
        for ((pool, workload), target) in self.pools.iter().zip(workloads).zip(targets) {
            let Some(workload) = workload else { continue };
            let share = if total > 0.0 { workload / total } else { 0.0 };
            let wanted = (share * f64::from(self.max_processes)).ceil() as u32;
            let wanted = wanted.max(MIN_PROCESSES).min(pool.max_workers);
            if wanted > *target {
                let shift = BALANCE_MAX_SHIFT.min(wanted - *target).min(room);
                *target += shift;
                room -= shift;
            } else {
                *target -= BALANCE_MAX_SHIFT.min(*target - wanted);
            }
        }
    }
}
