//! Decisions, forecasts and turns in the form that other languages get and give: flat, with the same keys everywhere.

mod cluster;
#[cfg(feature = "ffi")]
mod decision;
#[cfg(feature = "ffi")]
mod forecast;
mod host_capacity;
mod recommendation;
#[cfg(feature = "ffi")]
mod table;
#[cfg(feature = "ffi")]
mod turn;

pub(super) use cluster::{PoolCount, SharesShape, read_reports};
pub(super) use host_capacity::HostCapacityShape;
pub(super) use recommendation::read_recommendation;
#[cfg(feature = "ffi")]
pub(super) use {decision::EvaluationShape, table::Table, turn::TurnShape};

/// A count as other languages' signed integers hold it.
fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
