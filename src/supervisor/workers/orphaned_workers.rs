//! Workers that an earlier manager of this application left behind: it was killed, and they are in a job that outlives it.
//!
//! Each worker carries a mark in its environment, which the kernel shows in `/proc/PID/environ`. Elsewhere than on Linux nothing
//! shows it, and no orphan is found.

use std::ffi::OsString;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::footprint::{Stat, read_stat};
use crate::config::{PoolId, WorkerOptions};

/// The environment variable that tells whose worker a process is.
pub const WORKER_MARK_VARIABLE: &str = "QUEUE_AUTOSCALE_WORKER";

/// How often it is looked whether an orphan is gone: nobody tells a process that is not its parent.
pub const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// A process that cannot be taken for another one that got its number later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    /// Its number.
    pub pid: i32,
    /// When it was started, in ticks of the kernel's clock since the host was; 0 where that is not told.
    pub start_ticks: u64,
}

impl ProcessIdentity {
    /// This process.
    pub fn own() -> Self {
        let pid = std::process::id().cast_signed();
        Self { pid, start_ticks: read_stat(pid).map_or(0, |stat| stat.start_ticks) }
    }

    /// Whether it still runs; one that has ended and was not reaped does not.
    pub fn runs(self) -> bool {
        read_stat(self.pid).is_some_and(|stat| stat.start_ticks == self.start_ticks && !stat.is_zombie())
    }
}

/// What a worker's environment says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerMark {
    application: String,
    manager: ProcessIdentity,
    connection: String,
    queues: String,
    timeout_seconds: u32,
}

impl WorkerMark {
    /// The mark of a worker that this process starts for `application`.
    pub fn new(application: &str, pool: &PoolId, options: &WorkerOptions) -> Self {
        Self {
            application: application.to_owned(),
            manager: ProcessIdentity::own(),
            connection: pool.connection.to_string(),
            queues: pool.queues.to_string(),
            timeout_seconds: options.timeout_seconds,
        }
    }

    /// The environment variable's value.
    pub fn to_value(&self) -> OsString {
        // Text and numbers always become JSON.
        serde_json::to_string(self).unwrap_or_default().into()
    }

    /// The mark within a whole environment, as `/proc/PID/environ` shows it.
    fn within(environment: &[u8]) -> Option<Self> {
        let mut variables = environment.split(|byte| *byte == 0);
        let value = variables
            .find_map(|variable| variable.strip_prefix(WORKER_MARK_VARIABLE.as_bytes())?.strip_prefix(b"="))?;
        serde_json::from_slice(value).ok()
    }
}

/// A worker whose manager is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrphanedWorker {
    /// Its process.
    pub process: ProcessIdentity,
    /// Whose jobs it works.
    pub pool: PoolId,
    /// How long its job may run; `None` for as long as it likes.
    pub timeout: Option<Duration>,
}

/// The workers of `application` whose manager is gone.
pub fn find_orphans(application: &str) -> Vec<OrphanedWorker> {
    let own_namespace = pid_namespace("self");
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|process| process.file_name().to_str()?.parse::<i32>().ok());
    let mut orphans: Vec<OrphanedWorker> = pids
        .filter(|pid| *pid != std::process::id().cast_signed())
        .filter_map(|pid| {
            let mark = WorkerMark::within(&std::fs::read(format!("/proc/{pid}/environ")).ok()?)?;
            let stat = read_stat(pid).filter(|stat| is_worker(pid, stat))?;
            // A container's processes have numbers of their own there, and its manager may live under another one than it says.
            let is_here = own_namespace.is_some() && pid_namespace(&pid.to_string()) == own_namespace;
            let is_orphan = mark.application == application && is_here && !mark.manager.runs();
            is_orphan.then(|| OrphanedWorker {
                process: ProcessIdentity { pid, start_ticks: stat.start_ticks },
                pool: PoolId::new(mark.connection, mark.queues),
                timeout: (mark.timeout_seconds > 0).then(|| Duration::from_secs(mark.timeout_seconds.into())),
            })
        })
        .collect();
    orphans.sort_by_key(|orphan| orphan.process.pid);
    orphans
}

/// A worker leads a process group in its manager's session. What a job has started is not in a group of its own, or in a session
/// of its own, though it may have inherited the mark.
fn is_worker(pid: i32, stat: &Stat) -> bool {
    stat.process_group == pid && stat.session != pid && !stat.is_zombie()
}

fn pid_namespace(process: &str) -> Option<OsString> {
    std::fs::read_link(format!("/proc/{process}/ns/pid")).ok().map(std::path::PathBuf::into_os_string)
}

#[cfg(test)]
mod tests {
    use super::{ProcessIdentity, WorkerMark};
    use crate::config::{PoolId, WorkerOptions};

    #[test]
    fn a_mark_is_found_among_other_variables_whatever_the_queue_is_called() {
        let pool = PoolId::new("redis", "a \"b\"\n{é}");
        let mark = WorkerMark::new("/app/storage", &pool, &WorkerOptions::default());
        let value = mark.to_value();
        let environment = [b"A=b\0QUEUE_AUTOSCALE_WORKER=", value.as_encoded_bytes(), b"\0Z=\0"].concat();
        assert_eq!(WorkerMark::within(&environment), Some(mark));
        for other in [&b""[..], b"QUEUE_AUTOSCALE_WORKER=", b"QUEUE_AUTOSCALE_WORKER={}", b"XQUEUE_AUTOSCALE_WORKER={}"]
        {
            assert_eq!(WorkerMark::within(other), None);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_known_by_its_number_and_its_start() {
        let own = ProcessIdentity::own();
        assert!(own.runs());
        assert!(!ProcessIdentity { start_ticks: own.start_ticks + 1, ..own }.runs());
    }
}
