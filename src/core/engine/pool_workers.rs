//! What the supervisor knows of one pool's workers; it goes before what the metrics say of them.

use super::AttemptTotals;
use crate::calculators::{PickupSketch, Resources};
use crate::config::{PoolId, PoolSettings};
use std::sync::Arc;

/// One pool's workers at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolWorkers {
    /// Whose workers these are.
    pub pool: PoolId,
    /// Spawned, not yet looking for jobs.
    pub starting: u32,
    /// Looking for a job.
    pub idle: u32,
    /// In a job.
    pub busy: u32,
    /// Running, but silent about whether in a job, or booting where no worker has ever spoken.
    pub unknown: u32,
    /// How many of the silent an earlier manager left behind; they leave after their job.
    pub orphaned: u32,
    /// Told to leave after their job; they take no new one.
    pub draining: u32,
    /// Places that wait for their restart after a crash.
    pub backing_off: u32,
    /// Seconds spent in jobs by all workers this pool ever had, jobs under way included; never decreases.
    pub busy_seconds_total: f64,
    /// Attempts, whatever became of them, that all workers this pool ever had ended; never decreases. `None` where workers
    /// are silent about it.
    pub jobs_finished_total: Option<u64>,
    /// What became of them; `None` where workers do not tell.
    pub attempts: Option<AttemptTotals>,
    /// Different jobs among the last attempts that an exception ended or that ran out of time; `None` where workers do not tell.
    pub failing_jobs: Option<u32>,
    /// How long jobs waited for a worker since they were due, of all whose wait is known; `None` where workers do not tell.
    pub pickups: Option<Arc<PickupSketch>>,
    /// How long the longest job under way has run, in seconds.
    pub longest_job_seconds: Option<f64>,
    /// Measured time from spawning a worker to its first look for a job, in seconds.
    pub boot_seconds: Option<f64>,
    /// Measured CPU of one busy worker, in cores.
    pub worker_cpu_cores: Option<f64>,
    /// Measured resident memory of one worker, in bytes.
    pub worker_memory_bytes: Option<u64>,
    /// CPU that all of the pool's workers use together, in cores.
    pub cpu_used_cores: f64,
    /// Resident memory of all of the pool's workers together, in bytes.
    pub memory_used_bytes: u64,
}

impl PoolWorkers {
    /// A pool without workers.
    pub fn none(pool: PoolId) -> Self {
        Self {
            pool,
            starting: 0,
            idle: 0,
            busy: 0,
            unknown: 0,
            orphaned: 0,
            draining: 0,
            backing_off: 0,
            busy_seconds_total: 0.0,
            jobs_finished_total: None,
            attempts: None,
            failing_jobs: None,
            pickups: None,
            longest_job_seconds: None,
            boot_seconds: None,
            worker_cpu_cores: None,
            worker_memory_bytes: None,
            cpu_used_cores: 0.0,
            memory_used_bytes: 0,
        }
    }

    /// Takes over another's numbers, not its name; nothing is allocated.
    pub(super) fn update_from(&mut self, other: &Self) {
        let pool = self.pool.clone();
        *self = Self { pool, ..other.clone() };
    }

    /// Workers that count towards the target: all but those on their way out.
    pub fn current(&self) -> u32 {
        self.starting
            .saturating_add(self.idle)
            .saturating_add(self.busy)
            .saturating_add(self.unknown)
            .saturating_add(self.backing_off)
    }

    /// Those of them that have a process.
    pub fn running(&self) -> u32 {
        self.current() - self.backing_off
    }

    /// What all of them take now.
    pub fn used(&self) -> Resources {
        Resources { cpu_cores: self.cpu_used_cores, memory_bytes: self.memory_used_bytes as f64 }
    }

    /// What one worker takes: as measured, else as configured.
    pub fn footprint(&self, settings: &PoolSettings) -> Resources {
        Resources {
            cpu_cores: plausible_or(self.worker_cpu_cores, settings.worker_cpu_cores),
            memory_bytes: self.worker_memory_bytes.unwrap_or(settings.worker_memory_bytes) as f64,
        }
    }
}

/// Beyond this no measured boot time (seconds) or footprint (cores) is meant seriously.
const LARGEST_MEASURED: f64 = 3600.0;

/// What was measured, if it can be meant seriously.
pub(super) fn plausible_or(measured: Option<f64>, otherwise: f64) -> f64 {
    measured.filter(|value| (0.0..=LARGEST_MEASURED).contains(value)).unwrap_or(otherwise)
}
