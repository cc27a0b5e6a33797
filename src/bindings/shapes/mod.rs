//! Decisions, forecasts and turns in the form that other languages get and give: flat, with the same keys everywhere.

#[cfg(feature = "ffi")]
mod decision;
#[cfg(feature = "ffi")]
mod forecast;
#[cfg(feature = "ffi")]
mod host_capacity;
mod recommendation;
#[cfg(feature = "ffi")]
mod turn;

pub(super) use recommendation::read_recommendation;
#[cfg(feature = "ffi")]
pub(super) use {
    decision::EvaluationShape, forecast::ForecastShape, host_capacity::HostCapacityShape, turn::TurnShape,
};

/// A count as other languages' signed integers hold it.
#[cfg(feature = "ffi")]
fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
