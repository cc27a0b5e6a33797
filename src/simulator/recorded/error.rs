//! Why a file cannot be used.

/// Why recorded traffic cannot be used, and where.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("cannot read the traffic: {0}")]
    Unreadable(#[from] std::io::Error),
    /// A line is not what it should be.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, 1 for the first.
        line: u64,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// There is nothing to replay.
    #[error("no traffic: {0}")]
    Empty(&'static str),
}

impl RecordingError {
    pub(super) fn line(line: u64, message: impl Into<String>) -> Self {
        Self::Line { line, message: message.into() }
    }
}
