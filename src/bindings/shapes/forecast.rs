//! What a strategy may know of a pool.

use super::whole;
use crate::engine::{PoolForecast, ServiceTimeSource};
use serde::Serialize;

/// A forecast with each component as one number.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct ForecastShape<'a> {
    connection: &'a str,
    queues: &'a str,
    turn_seconds: f64,
    boot_seconds: f64,
    current_workers: u32,
    busy_workers: u32,
    starting_workers: u32,
    pending: i64,
    scheduled: i64,
    reserved: i64,
    oldest_job_age_seconds: Option<f64>,
    arrival_rate_per_second: f64,
    arrival_rate_confidence: f64,
    forecast_rate_per_second: f64,
    service_time_seconds: f64,
    service_time_source: ServiceTimeSource,
    max_pickup_time_seconds: f64,
    percentile: f64,
    min_workers: u32,
    max_workers: u32,
    recommended_workers: u32,
    steady_state_workers: f64,
    predictive_workers: f64,
    backlog_drain_workers: f64,
    pickup_time_workers: Option<f64>,
    readable: bool,
}

impl<'a> From<&'a PoolForecast> for ForecastShape<'a> {
    fn from(forecast: &'a PoolForecast) -> Self {
        let PoolForecast { inputs, recommendation, is_readable } = forecast;
        Self {
            connection: &inputs.pool.connection,
            queues: &inputs.pool.queues,
            turn_seconds: inputs.turn_seconds,
            boot_seconds: inputs.boot_seconds,
            current_workers: inputs.current_workers,
            busy_workers: inputs.busy_workers,
            starting_workers: inputs.starting_workers,
            pending: whole(inputs.pending),
            scheduled: whole(inputs.scheduled),
            reserved: whole(inputs.reserved),
            oldest_job_age_seconds: inputs.oldest_job_age_seconds,
            arrival_rate_per_second: inputs.arrival_rate_per_second,
            arrival_rate_confidence: inputs.arrival_rate_confidence,
            forecast_rate_per_second: inputs.forecast_rate_per_second,
            service_time_seconds: inputs.service_time_seconds,
            service_time_source: inputs.service_time_source,
            max_pickup_time_seconds: inputs.settings.sla.max_pickup_time_seconds,
            percentile: inputs.settings.sla.percentile,
            min_workers: inputs.settings.min_workers,
            max_workers: inputs.settings.max_workers,
            recommended_workers: recommendation.workers,
            steady_state_workers: recommendation.steady_state.workers,
            predictive_workers: recommendation.predictive.workers,
            backlog_drain_workers: recommendation.backlog_drain.workers,
            pickup_time_workers: recommendation.pickup_time.map(|component| component.workers),
            readable: *is_readable,
        }
    }
}
