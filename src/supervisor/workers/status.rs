//! What can be told of one worker.

use std::time::Instant;

use super::worker::{Worker, seconds_between};
use crate::config::PoolId;

/// One worker at one instant.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct WorkerStatus {
    /// Its pool.
    #[serde(flatten)]
    pub pool: PoolId,
    /// The number of its place, unique within the supervisor.
    pub worker: u64,
    /// Its process; `None` while it waits for its restart.
    pub pid: Option<i32>,
    /// Its state's name.
    pub state: &'static str,
    /// Since its process was spawned, in seconds.
    pub age_seconds: f64,
    /// Since its job began, in seconds.
    pub job_seconds: Option<f64>,
    /// Jobs that its process has finished.
    pub jobs_done: u64,
    /// Its resident memory at the last reading, in bytes.
    pub memory_bytes: Option<u64>,
    /// Its CPU time at the last reading, in seconds.
    pub cpu_seconds: Option<f64>,
    /// Until its process is started anew, in seconds.
    pub restart_in_seconds: Option<f64>,
}

impl WorkerStatus {
    pub(super) fn of(worker: &Worker, pool: &PoolId, now: Instant) -> Self {
        Self {
            pool: pool.clone(),
            worker: worker.number(),
            pid: worker.pid().map(nix::unistd::Pid::as_raw),
            state: worker.state().name(),
            age_seconds: seconds_between(worker.spawned_at(), now),
            job_seconds: worker.job().map(|job| seconds_between(job.started_at, now)),
            jobs_done: worker.jobs_done(),
            memory_bytes: worker.usage.map(|usage| usage.memory_bytes),
            cpu_seconds: worker.usage.map(|usage| usage.cpu_seconds),
            restart_in_seconds: worker.restart_at.map(|restart_at| seconds_between(now, restart_at)),
        }
    }
}
