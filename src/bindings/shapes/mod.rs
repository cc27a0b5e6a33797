//! Decisions, forecasts and turns in the form that other languages get and give: flat, with the same keys everywhere.

mod cluster;
mod columns;
mod decision;
#[cfg(feature = "ffi")]
mod evaluation;
mod forecast;
mod host_capacity;
mod recommendation;
#[cfg(feature = "ffi")]
mod table;
#[cfg(feature = "ffi")]
mod turn;

pub(super) use cluster::{PoolStaffing, SharesShape, read_reports};
#[cfg(feature = "extension")]
pub(super) use columns::{Column, Columns, Kind, ValueWriter};
pub(super) use host_capacity::HostCapacityShape;
pub(super) use recommendation::KnownPools;
#[cfg(feature = "ffi")]
pub(super) use {evaluation::EvaluationShape, table::Table, turn::TurnShape};

/// A count as other languages' signed integers hold it.
fn whole(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
