//! One queue's numbers at one instant, as QueueMetrics returns them.

mod invalid_metrics;
mod queue_metrics;
mod reported;
mod row;

pub use invalid_metrics::InvalidMetrics;
pub use queue_metrics::QueueMetrics;
pub use row::{read_row, read_row_again};

/// All rows of one reading, in no particular order, each good or refused.
pub type MetricsReading = Vec<Result<QueueMetrics, InvalidMetrics>>;
