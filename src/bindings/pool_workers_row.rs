//! A pool's workers as other languages pass them around.

use crate::calculators::PickupSketch;
use crate::config::PoolId;
use crate::engine::{AttemptTotals, PoolWorkers};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// [`PoolWorkers`] with the pool's name in two fields of its own. What is absent is 0, or unknown.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PoolWorkersRow<'a> {
    #[serde(borrow)]
    connection: Cow<'a, str>,
    #[serde(borrow)]
    queues: Cow<'a, str>,
    starting: u32,
    idle: u32,
    busy: u32,
    unknown: u32,
    orphaned: u32,
    draining: u32,
    backing_off: u32,
    busy_seconds_total: f64,
    jobs_finished_total: Option<u64>,
    jobs_done_total: Option<u64>,
    jobs_failed_total: Option<u64>,
    attempts_released_total: Option<u64>,
    attempts_timed_out_total: Option<u64>,
    attempts_threw_total: Option<u64>,
    blocked_seconds_total: Option<f64>,
    failing_jobs: Option<u32>,
    /// Pairs of a range's number and a count, see [`PickupSketch`].
    pickup_counts: Option<Vec<(u16, u64)>>,
    longest_job_seconds: Option<f64>,
    boot_seconds: Option<f64>,
    worker_cpu_cores: Option<f64>,
    worker_memory_bytes: Option<u64>,
    cpu_used_cores: f64,
    memory_used_bytes: u64,
}

impl PoolWorkersRow<'_> {
    /// What became of the attempts, if all of it is told.
    fn attempts(&self) -> Option<AttemptTotals> {
        Some(AttemptTotals {
            done: self.jobs_done_total?,
            failed: self.jobs_failed_total?,
            released: self.attempts_released_total?,
            timed_out: self.attempts_timed_out_total?,
            threw: self.attempts_threw_total?,
            blocked_seconds: self.blocked_seconds_total.filter(|seconds| seconds.is_finite())?,
        })
    }

    /// The row as the engine takes it; the name is shared with the one `before` if it is the same.
    pub(super) fn into_workers(self, before: Option<&PoolId>) -> PoolWorkers {
        let row = self;
        let attempts = row.attempts();
        let same = before.filter(|pool| *pool.queues == *row.queues && *pool.connection == *row.connection);
        PoolWorkers {
            pool: same.cloned().unwrap_or_else(|| PoolId::new(row.connection, row.queues)),
            starting: row.starting,
            idle: row.idle,
            busy: row.busy,
            unknown: row.unknown,
            orphaned: row.orphaned,
            draining: row.draining,
            backing_off: row.backing_off,
            busy_seconds_total: row.busy_seconds_total,
            jobs_finished_total: row.jobs_finished_total,
            attempts,
            failing_jobs: row.failing_jobs,
            pickups: row.pickup_counts.map(|counts| Arc::new(PickupSketch::from_counts(counts))),
            longest_job_seconds: row.longest_job_seconds,
            boot_seconds: row.boot_seconds,
            worker_cpu_cores: row.worker_cpu_cores,
            worker_memory_bytes: row.worker_memory_bytes,
            cpu_used_cores: row.cpu_used_cores,
            memory_used_bytes: row.memory_used_bytes,
        }
    }
}

impl From<PoolWorkersRow<'_>> for PoolWorkers {
    fn from(row: PoolWorkersRow<'_>) -> Self {
        row.into_workers(None)
    }
}

impl<'a> From<&'a PoolWorkers> for PoolWorkersRow<'a> {
    fn from(workers: &'a PoolWorkers) -> Self {
        Self {
            connection: Cow::Borrowed(&workers.pool.connection),
            queues: Cow::Borrowed(&workers.pool.queues),
            starting: workers.starting,
            idle: workers.idle,
            busy: workers.busy,
            unknown: workers.unknown,
            orphaned: workers.orphaned,
            draining: workers.draining,
            backing_off: workers.backing_off,
            busy_seconds_total: workers.busy_seconds_total,
            jobs_finished_total: workers.jobs_finished_total,
            jobs_done_total: workers.attempts.map(|attempts| attempts.done),
            jobs_failed_total: workers.attempts.map(|attempts| attempts.failed),
            attempts_released_total: workers.attempts.map(|attempts| attempts.released),
            attempts_timed_out_total: workers.attempts.map(|attempts| attempts.timed_out),
            attempts_threw_total: workers.attempts.map(|attempts| attempts.threw),
            blocked_seconds_total: workers.attempts.map(|attempts| attempts.blocked_seconds),
            failing_jobs: workers.failing_jobs,
            pickup_counts: workers.pickups.as_ref().map(|pickups| pickups.counts().collect()),
            longest_job_seconds: workers.longest_job_seconds,
            boot_seconds: workers.boot_seconds,
            worker_cpu_cores: workers.worker_cpu_cores,
            worker_memory_bytes: workers.worker_memory_bytes,
            cpu_used_cores: workers.cpu_used_cores,
            memory_used_bytes: workers.memory_used_bytes,
        }
    }
}
