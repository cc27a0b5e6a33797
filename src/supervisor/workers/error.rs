//! What can go wrong with the supervisor itself. A worker that dies is no error but an event.

use super::IllegalTransition;

/// Why the supervisor could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SupervisorError {
    /// Signal handlers belong to the whole process, so one process runs one supervisor.
    #[error("this process already runs a worker supervisor; shut that one down first")]
    AlreadySupervising,
    /// A fork of the manager holds a copy of the supervisor, but the workers are not its children.
    #[error("this supervisor belongs to process {owner}; process {current} is a fork of it and cannot use it")]
    ForeignProcess {
        /// The process that created the supervisor.
        owner: u32,
        /// The process that asked.
        current: u32,
    },
    /// No worker may be started once the shutdown has begun.
    #[error("the supervisor is shutting down; no worker of {pool} is started any more")]
    ShuttingDown {
        /// `connection:queues` of the pool.
        pool: String,
    },
    /// A system call failed that must not fail.
    #[error("{call} failed: {source}")]
    System {
        /// The call, for example `pipe2`.
        call: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The supervisor's own bookkeeping went wrong.
    #[error(transparent)]
    IllegalTransition(#[from] IllegalTransition),
}

impl SupervisorError {
    /// The failure of `call` with what the system said.
    pub(super) fn system(call: &'static str, source: impl Into<std::io::Error>) -> Self {
        Self::System { call, source: source.into() }
    }
}
