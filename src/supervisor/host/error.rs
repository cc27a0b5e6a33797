//! Why the host cannot be read.

use std::path::PathBuf;

/// The host's capacity could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The operating system did not say how much there is.
    #[error("the operating system tells neither its memory nor its processors; pass a HostCapacity of your own")]
    NothingTold,
    /// A control group's file could not be read.
    #[error("{path}: {source}; make it readable for the manager")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A control group's file holds something else than documented.
    #[error("{path}: {content:?} where {expected} was expected")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What stood there.
        content: String,
        /// What should have stood there.
        expected: &'static str,
    },
}
