//! The row that QueueMetrics returns for one queue, reduced to what decisions need.

use std::sync::Arc;

/// One queue's numbers at one instant.
///
/// They are what the metrics say, not what is true: see the notes of each field.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueMetrics {
    /// Laravel's connection name.
    pub connection: Arc<str>,
    /// The queue's name.
    pub queue: Arc<str>,
    /// Jobs that may be picked up now.
    pub pending: u64,
    /// Delayed jobs. On Redis those that became due stay here until a worker looks.
    pub scheduled: u64,
    /// The part of `scheduled` whose time has come and that a worker would get now; `None` where the metrics do not tell it
    /// (QueueMetrics up to 3.3.2). 0 on drivers that count due jobs as pending.
    pub delayed_due_now: Option<u64>,
    /// Jobs that a worker holds, those of workers that died included until `retry_after`.
    pub reserved: u64,
    /// Age of the oldest pending job in seconds, deliberate delay included on Redis; `None` where the driver cannot
    /// tell (0 while jobs are pending).
    pub oldest_job_age_seconds: Option<f64>,
    /// Jobs that succeeded in the last 60 s. Failed attempts are not in it.
    pub throughput_per_minute: f64,
    /// Mean duration in milliseconds; 0 on stock Laravel, waiting time included with Horizon.
    pub avg_duration_ms: f64,
    /// Share of failed jobs over all time, in percent.
    pub failure_rate_percent: f64,
    /// Workers thought alive, dead ones included for a while.
    pub active_workers: u32,
    /// Share of the workers' time spent in jobs, in percent.
    pub busy_percent: f64,
}
