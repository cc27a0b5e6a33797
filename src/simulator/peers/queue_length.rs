//! Kubernetes' Horizontal Pod Autoscaler on the queue's length, as KEDA sets it up.

use super::pools::{PeerPool, jobs_of};
use crate::autoscaler::{Autoscaler, Sight};
use std::collections::VecDeque;

/// Period of the control loop, in seconds (Kubernetes' documentation, "Horizontal Pod Autoscaling",
/// `--horizontal-pod-autoscaler-sync-period`).
const SYNC_PERIOD_SECONDS: f64 = 15.0;
/// Default `stabilizationWindowSeconds` of scaling down, in seconds (same source, "Default behavior").
const STABILISATION_SECONDS: f64 = 300.0;
/// No change where the metric is that close to its target (same source, `--horizontal-pod-autoscaler-tolerance`).
const TOLERANCE: f64 = 0.1;
/// Default policies of scaling up within one period: by 4 pods, or by as many as there are, whichever is more.
const MOST_NEW_PODS: u32 = 4;

/// Wants one worker for as many jobs as one worker clears within the SLA, and lowers the number only to the highest that
/// it wanted in the last 300 s.
#[derive(Clone, Debug)]
pub struct QueueLengthTarget {
    pools: Vec<PeerPool>,
    /// Wanted in the stabilisation window: instant and workers, in order, for each pool.
    wanted: Vec<VecDeque<(f64, u32)>>,
}

impl QueueLengthTarget {
    /// For these pools.
    pub fn new(pools: Vec<PeerPool>) -> Self {
        let wanted = vec![VecDeque::new(); pools.len()];
        Self { pools, wanted }
    }
}

impl Autoscaler for QueueLengthTarget {
    fn turn_seconds(&self) -> Option<f64> {
        Some(SYNC_PERIOD_SECONDS)
    }

    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        let jobs = jobs_of(&self.pools, sight.metrics);
        for (((pool, wanted), jobs), target) in self.pools.iter().zip(&mut self.wanted).zip(jobs).zip(targets) {
            let Some(jobs) = jobs else { continue };
            let jobs_per_worker = (pool.max_pickup_time_seconds / pool.mean_service_seconds).max(1.0);
            let exact = jobs.pending / jobs_per_worker;
            let ratio = exact / f64::from((*target).max(1));
            let desired = if (ratio - 1.0).abs() <= TOLERANCE { *target } else { pool.clamp(exact) };
            let window_begins_seconds = sight.now_seconds - STABILISATION_SECONDS;
            wanted.push_back((sight.now_seconds, desired));
            while wanted.front().is_some_and(|(at_seconds, _)| *at_seconds <= window_begins_seconds) {
                wanted.pop_front();
            }
            let highest = wanted.iter().map(|(_, workers)| *workers).max().unwrap_or(desired);
            let most = *target + MOST_NEW_PODS.max(*target);
            *target = if desired > *target { desired.min(most) } else { highest.min(*target) };
        }
    }
}
