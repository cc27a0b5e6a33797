//! What the sets' scenarios are put together from.

use crate::traffic::{Pattern, ServiceTime};

/// Most scenarios last as long.
pub const HOUR_SECONDS: f64 = 3600.0;

/// Jobs of independent lengths.
pub fn exponential(mean_seconds: f64) -> ServiceTime {
    ServiceTime::Exponential { mean_seconds }
}

/// Jobs of which a few take much longer than most.
pub fn skewed(mean_seconds: f64) -> ServiceTime {
    ServiceTime::LogNormal { mean_seconds, variation: 1.0 }
}

/// Arrivals at one rate all along.
pub fn steady(rate_per_second: f64) -> Pattern {
    Pattern::Steady { rate_per_second }
}
