//! What the sets' scenarios are put together from.

use crate::simulator::traffic::{Pattern, ServiceTime};

pub(super) const HOUR_SECONDS: f64 = 3600.0;

pub(super) fn exponential(mean_seconds: f64) -> ServiceTime {
    ServiceTime::Exponential { mean_seconds }
}

pub(super) fn skewed(mean_seconds: f64) -> ServiceTime {
    ServiceTime::LogNormal { mean_seconds, variation: 1.0 }
}

pub(super) fn steady(rate_per_second: f64) -> Pattern {
    Pattern::Steady { rate_per_second }
}
