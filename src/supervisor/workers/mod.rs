//! The worker supervisor: spawn, watch, stop, kill, report.

mod attempts;
mod backoff;
mod boot_time;
mod error;
mod event;
mod footprint;
mod health;
#[cfg(target_os = "linux")]
mod launch_linux;
#[cfg(any(test, not(target_os = "linux")))]
mod launch_portable;
mod orphaned_workers;
mod orphans;
mod output;
mod pool;
mod reaper;
mod signals;
mod spawner;
mod status;
mod status_pipe;
mod supervisor;
mod terminator;
mod worker;
mod worker_command;
mod worker_state;

pub use error::SupervisorError;
pub use event::{KillReason, SupervisorEvent, WorkerName};
pub use orphaned_workers::WORKER_MARK_VARIABLE;
pub use status::WorkerStatus;
pub use status_pipe::STATUS_FD_VARIABLE;
pub use supervisor::{ScaleOutcome, ShutdownReport, WorkerSupervisor};
pub use worker_state::{IllegalTransition, WorkerState, WorkerStep};
