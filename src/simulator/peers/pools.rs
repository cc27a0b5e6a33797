//! What a peer knows of the pools it scales.

use crate::metrics::MetricsReading;
use crate::scenario::{PoolTraffic, Scenario};

/// What a peer knows of one pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeerPool {
    /// Queues in it.
    pub queues: usize,
    /// True mean duration of its jobs, in seconds.
    pub mean_service_seconds: f64,
    /// Its SLA, in seconds.
    pub max_pickup_time_seconds: f64,
    /// Fewest workers.
    pub min_workers: u32,
    /// Most workers.
    pub max_workers: u32,
}

impl PeerPool {
    /// The pools of a scenario, in order.
    pub fn of(scenario: &Scenario) -> Vec<Self> {
        scenario.pools.iter().map(Self::of_traffic).collect()
    }

    fn of_traffic(traffic: &PoolTraffic) -> Self {
        Self {
            queues: traffic.queues().len(),
            mean_service_seconds: traffic.mean_service_seconds(),
            max_pickup_time_seconds: traffic.settings.sla.max_pickup_time_seconds,
            min_workers: traffic.settings.min_workers,
            max_workers: traffic.settings.max_workers,
        }
    }

    pub(super) fn clamp(&self, workers: f64) -> u32 {
        // From f64 to u32 `as` saturates and takes NaN for 0.
        (workers.ceil() as u32).clamp(self.min_workers, self.max_workers)
    }
}

/// One pool's jobs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PoolJobs {
    /// Waiting.
    pub(super) pending: f64,
    /// In a worker's hands.
    pub(super) reserved: f64,
}

/// Every pool's jobs; `None` where a row could not be read.
pub(super) fn jobs_of(pools: &[PeerPool], metrics: &MetricsReading) -> Vec<Option<PoolJobs>> {
    let mut rows = metrics.iter();
    let sum = |pool: &PeerPool| {
        let mut sum = Some(PoolJobs::default());
        for row in rows.by_ref().take(pool.queues) {
            sum = sum.zip(row.as_ref().ok()).map(|(sum, row)| PoolJobs {
                pending: sum.pending + row.pending as f64,
                reserved: sum.reserved + row.reserved as f64,
            });
        }
        sum
    };
    pools.iter().map(sum).collect()
}
