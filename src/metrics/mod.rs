//! One queue's numbers at one instant, as QueueMetrics returns them.

mod queue_metrics;

pub use queue_metrics::QueueMetrics;
