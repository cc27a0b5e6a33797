//! The world around the traffic: how the manager sees it, and how long things take.

/// What `avg_duration_ms` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportedDurations {
    /// Nothing: 0, as on stock Laravel.
    None,
    /// The mean time that workers spent in jobs.
    Real,
    /// The mean time since the push, the wait included, as with Horizon.
    WaitIncluded,
}

/// How the manager sees the traffic, and how long things take. The same traffic can be run in different ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// Time between two turns of the manager, in seconds (> 0).
    pub turn_seconds: f64,
    /// From spawning a worker to its first look for a job, in seconds.
    pub boot_seconds: f64,
    /// How long an idle worker sleeps between two looks at an empty queue, in seconds; 0 for a blocking pop.
    pub poll_seconds: f64,
    /// Whether workers tell the supervisor when a job begins and ends.
    pub status_listener: bool,
    /// Whether QueueMetrics lists a pool's queues only from their first job on, as where an application has just begun.
    pub new_queues: bool,
    /// What `avg_duration_ms` tells.
    pub reported_durations: ReportedDurations,
    /// Share of the turns whose metrics cannot be read, 0 ..= 1.
    pub unreadable_share: f64,
    /// Share of the turns in which the metrics of the turn before are seen once more, 0 ..= 1.
    pub repeated_share: f64,
    /// Seed of what goes wrong with the metrics.
    pub seed: u64,
}

impl Default for Environment {
    /// The manager's own defaults on stock Laravel, workers taking a job the moment it is there.
    fn default() -> Self {
        Self {
            turn_seconds: 5.0,
            boot_seconds: 1.5,
            poll_seconds: 0.0,
            status_listener: true,
            new_queues: false,
            reported_durations: ReportedDurations::None,
            unreadable_share: 0.0,
            repeated_share: 0.0,
            seed: 0,
        }
    }
}
