//! Why an experiment cannot go on.

use crate::config::{InvalidConfiguration, PoolId};
use crate::recorded::RecordingError;

/// Why an experiment cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// A name that nothing has.
    #[error("no {what} has the name \"{name}\"; {suggestion}")]
    Unknown {
        /// What was named.
        what: &'static str,
        /// The name.
        name: String,
        /// What may have been meant, and what there is.
        suggestion: String,
    },
    /// The traffic cannot be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The traffic's jobs have no workers under the configuration.
    #[error("the traffic comes in on {pool}, which this configuration does not work as one pool; {remedy}")]
    NotWorked {
        /// The pool of the traffic.
        pool: PoolId,
        /// What can be done.
        remedy: &'static str,
    },
    /// A number that is no time.
    #[error("{name}: {seconds} where a number of seconds above 0 was expected")]
    NoTime {
        /// What it is called.
        name: &'static str,
        /// The number.
        seconds: f64,
    },
    /// The settings make no configuration.
    #[error(transparent)]
    Configuration(#[from] InvalidConfiguration),
    /// A call for a run, and none is under way.
    #[error("no run is under way; start one first")]
    NothingUnderWay,
    /// A call for the results of runs, and none is over.
    #[error("no run is over yet")]
    NothingFinished,
    /// A decision for a strategy that decides by itself.
    #[error("the strategy {0} decides by itself; let the run advance instead")]
    DecidesItself(&'static str),
    /// A decision without a turn, or a turn before the last was decided.
    #[error("{0}")]
    OutOfTurn(&'static str),
    /// A chart that could not be drawn.
    #[cfg(feature = "report")]
    #[error(transparent)]
    Chart(#[from] crate::report::ChartError),
}
