//! How a call ended.

use crate::bindings::numbers::OutOfRange;
use crate::config::InvalidConfiguration;
use crate::host::HostError;
use crate::workers::SupervisorError;

/// How a call ended.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It did what was asked.
    Ok = 0,
    /// An argument cannot be used: NULL, no UTF-8, no JSON, a handle of another kind, a number out of range.
    InvalidArgument = 1,
    /// The configuration cannot be used; the text has a line for each error.
    InvalidConfiguration = 2,
    /// The host's capacity cannot be read.
    HostError = 3,
    /// The supervisor could not do it.
    SupervisorError = 4,
    /// A fault of the library itself. The handle that it happened in is doubtful.
    Fault = 5,
}

/// Why a call did not end well.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: Status,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn argument(name: &str, problem: impl std::fmt::Display) -> Self {
        Self::new(Status::InvalidArgument, format!("{name}: {problem}"))
    }
}

impl From<OutOfRange> for Failure {
    fn from(error: OutOfRange) -> Self {
        Self::new(Status::InvalidArgument, error.to_string())
    }
}

impl From<InvalidConfiguration> for Failure {
    fn from(error: InvalidConfiguration) -> Self {
        Self::new(Status::InvalidConfiguration, error.to_string())
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self::new(Status::HostError, error.to_string())
    }
}

impl From<SupervisorError> for Failure {
    fn from(error: SupervisorError) -> Self {
        Self::new(Status::SupervisorError, error.to_string())
    }
}
