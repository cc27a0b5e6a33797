//! What the supervisor tells its caller.

use crate::config::PoolId;

/// Which worker an event is about.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct WorkerName {
    /// Its pool.
    #[serde(flatten)]
    pub pool: PoolId,
    /// The number of its place, unique within the supervisor; a restarted worker keeps it.
    pub worker: u64,
    /// Its process; `None` if it has none.
    pub pid: Option<i32>,
}

/// Why the supervisor sent SIGKILL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KillReason {
    /// It did not leave in time while its pool shrank.
    DrainTimeout,
    /// It did not leave in time at the shutdown.
    ShutdownTimeout,
    /// Its job ran far over its timeout.
    JobOverdue,
    /// An earlier manager left it behind, and it did not leave when its job's time was over.
    Orphaned,
    /// It was idle, did not look for jobs, and did not leave when asked to.
    Hung,
    /// Everything was to end at once.
    Immediate,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SupervisorEvent {
    /// A worker was spawned.
    WorkerStarted {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
    },
    /// A worker's loop is up.
    WorkerReady {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// From its spawn to its first look for a job.
        boot_seconds: f64,
    },
    /// A worker left in good order: it was asked to, or it reached one of its own limits.
    WorkerExited {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// Its exit code, if it exited and that was heard.
        exit_code: Option<i32>,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// Whether it had been asked to leave.
        asked: bool,
        /// When its place is filled again, in seconds from now: 0 for at once, `None` for never.
        restart_in_seconds: Option<f64>,
    },
    /// A worker died, or could not be started at all.
    WorkerCrashed {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// Its exit code, if it exited and that was heard.
        exit_code: Option<i32>,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// How long the job had run that it died in, in seconds; `None` if it was in none, or does not tell.
        job_seconds: Option<f64>,
        /// Its last lines of output, oldest first; for one that could not be started, why.
        output_tail: Vec<String>,
        /// When its place is filled again, in seconds from now: 0 for at once.
        restart_in_seconds: f64,
    },
    /// A worker and all that it had spawned got SIGKILL.
    WorkerKilled {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// Why.
        reason: KillReason,
        /// How late the signal was, in seconds after the moment it was due.
        late_seconds: f64,
    },
    /// A worker that an earlier manager left behind runs on; it fills a place of its pool.
    OrphanFound {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// In how many seconds it is asked to leave, if it has not by then: `--timeout` of its own, `None` where it has none.
        asked_in_seconds: Option<f64>,
    },
    /// A worker that an earlier manager left behind is gone.
    OrphanGone {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
    },
    /// A worker does not get on although nobody asked it to stop; it was woken or is being replaced.
    WorkerStuck {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// What is wrong with it and what is done, for a person.
        reason: String,
    },
    /// A line that a worker wrote; only where these were asked for.
    OutputLine {
        /// Which.
        #[serde(flatten)]
        name: WorkerName,
        /// The line without its end.
        line: String,
    },
    /// SIGTERM, SIGINT or SIGQUIT asks the manager to end.
    StopRequested {
        /// The signal's number.
        signal: i32,
    },
    /// SIGUSR2: no scaling until SIGCONT.
    Paused,
    /// SIGCONT: scaling again.
    Resumed,
    /// Somebody replaced the supervisor's signal handler; it was put back, theirs is called as well.
    SignalTaken {
        /// The signal's number.
        signal: i32,
    },
}

impl SupervisorEvent {
    /// Whether the caller must know before its waiting time is over.
    pub(super) fn is_urgent(&self) -> bool {
        match self {
            Self::WorkerCrashed { .. }
            | Self::WorkerKilled { .. }
            | Self::WorkerStuck { .. }
            | Self::OrphanFound { .. }
            | Self::StopRequested { .. }
            | Self::Paused
            | Self::Resumed
            | Self::SignalTaken { .. } => true,
            Self::WorkerStarted { .. }
            | Self::WorkerReady { .. }
            | Self::WorkerExited { .. }
            | Self::OrphanGone { .. }
            | Self::OutputLine { .. } => false,
        }
    }
}
