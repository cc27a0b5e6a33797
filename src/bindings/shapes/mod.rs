//! Decisions, forecasts and turns in the form that other languages get and give: flat, with the same keys everywhere.

mod decision;
mod forecast;
mod host_capacity;
mod recommendation;
mod turn;

pub(super) use decision::EvaluationShape;
pub(super) use forecast::ForecastShape;
pub(super) use host_capacity::HostCapacityShape;
pub(super) use recommendation::read_recommendation;
pub(super) use turn::TurnShape;

/// A count as other languages' signed integers hold it.
fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
