//! One pool's share of a metrics reading.

use crate::metrics::{InvalidMetrics, QueueMetrics};

/// The sum over a pool's queues.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolReading {
    /// Rows that went into it.
    pub rows: u32,
    /// Whether any of them could not be used.
    pub is_broken: bool,
    /// Rows without any job: what an empty queue looks like, and one that the metrics could not read.
    pub zero_rows: u32,
    /// Jobs waiting, those among them whose delay is over.
    pub pending: u64,
    /// Delayed jobs whose time has not come, as far as the metrics tell.
    pub scheduled: u64,
    /// Whether some of `scheduled` may be due without the metrics telling so.
    pub hides_due_jobs: bool,
    /// Jobs held by workers.
    pub reserved: u64,
    /// Age of the oldest waiting job, in seconds, where it is told.
    pub oldest_job_age_seconds: Option<f64>,
    /// Successes of the last sixty seconds.
    pub throughput_per_minute: f64,
    /// Sum of throughput times mean duration, from which their mean follows.
    pub duration_weighted_ms: f64,
    /// Workers thought alive.
    pub active_workers: u32,
}

impl PoolReading {
    /// Adds a queue's row.
    pub fn add(&mut self, row: &QueueMetrics) {
        self.rows += 1;
        let due = row.delayed_due_now.unwrap_or(0).min(row.scheduled);
        let jobs = row.pending.saturating_add(row.scheduled).saturating_add(row.reserved);
        self.zero_rows += u32::from(jobs == 0);
        self.pending = self.pending.saturating_add(row.pending).saturating_add(due);
        self.scheduled = self.scheduled.saturating_add(row.scheduled - due);
        self.hides_due_jobs |= row.scheduled > 0 && row.delayed_due_now.is_none();
        self.reserved = self.reserved.saturating_add(row.reserved);
        // The age is that of pending jobs; since when due ones have been due is not told.
        let age_seconds = row.oldest_job_age_seconds.filter(|_| row.pending > 0);
        self.oldest_job_age_seconds = match (self.oldest_job_age_seconds, age_seconds) {
            (Some(one), Some(other)) => Some(f64::max(one, other)),
            (one, other) => one.or(other),
        };
        self.throughput_per_minute += row.throughput_per_minute;
        self.duration_weighted_ms += row.throughput_per_minute * row.avg_duration_ms;
        self.active_workers = self.active_workers.saturating_add(row.active_workers);
    }

    /// Waiting, delayed and held.
    pub fn jobs(&self) -> u64 {
        self.pending.saturating_add(self.scheduled).saturating_add(self.reserved)
    }

    /// Mean of the reported durations, in seconds; `None` where none is reported.
    pub fn reported_service_seconds(&self) -> Option<f64> {
        let seconds = self.duration_weighted_ms / self.throughput_per_minute / 1000.0;
        (seconds.is_finite() && seconds > 0.0).then_some(seconds)
    }
}

/// Beyond this no number of a queue is meant seriously (jobs a minute, milliseconds, seconds), and sums stay finite.
const LARGEST_PLAUSIBLE: f64 = 1e12;

/// Refuses what no calculation can be made with. The reader of rows never lets it through, but rows can be made by hand.
pub fn check(row: &QueueMetrics) -> Result<(), InvalidMetrics> {
    let numbers = [
        ("depth.oldest_job_age_seconds", row.oldest_job_age_seconds.unwrap_or(0.0)),
        ("performance_60s.throughput_per_minute", row.throughput_per_minute),
        ("performance_60s.avg_duration_ms", row.avg_duration_ms),
    ];
    for (path, number) in numbers {
        if !(0.0..=LARGEST_PLAUSIBLE).contains(&number) {
            let key = format!("{}:{}", row.connection, row.queue);
            return Err(InvalidMetrics::new(
                key,
                path,
                format!("{number} is not a number between 0 and {LARGEST_PLAUSIBLE:e}"),
            ));
        }
    }
    Ok(())
}
