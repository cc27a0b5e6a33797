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
    /// Simulating it would take for ever, or more memory than there is.
    #[error("too much traffic: {0}")]
    TooMuch(String),
}

/// Longest traffic that is simulated, in days.
const MAX_DAYS: f64 = 366.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

impl RecordingError {
    pub(super) fn line(line: u64, message: impl Into<String>) -> Self {
        Self::Line { line, message: message.into() }
    }

    /// Refuses traffic that lasts for too long, or whose length is no number.
    pub(super) fn check_seconds(seconds: f64) -> Result<f64, Self> {
        let days = seconds / SECONDS_PER_DAY;
        if days <= MAX_DAYS {
            return Ok(seconds);
        }
        Err(Self::TooMuch(format!("it lasts for {days:.0} days, and {MAX_DAYS} are the most")))
    }
}
