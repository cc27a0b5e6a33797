//! What a strategy may know of a pool.

use super::table::columns;
use super::whole;
use crate::engine::PoolForecast;

columns!(PoolForecast, forecast => {
    connection: forecast.inputs.pool.connection,
    queues: forecast.inputs.pool.queues,
    turn_seconds: forecast.inputs.turn_seconds,
    boot_seconds: forecast.inputs.boot_seconds,
    current_workers: forecast.inputs.current_workers,
    busy_workers: forecast.inputs.busy_workers,
    starting_workers: forecast.inputs.starting_workers,
    pending: whole(forecast.inputs.pending),
    scheduled: whole(forecast.inputs.scheduled),
    reserved: whole(forecast.inputs.reserved),
    oldest_job_age_seconds: forecast.inputs.oldest_job_age_seconds,
    arrival_rate_per_second: forecast.inputs.arrival_rate_per_second,
    arrival_rate_confidence: forecast.inputs.arrival_rate_confidence,
    forecast_rate_per_second: forecast.inputs.forecast_rate_per_second,
    service_time_seconds: forecast.inputs.service_time_seconds,
    service_time_source: forecast.inputs.service_time_source,
    max_pickup_time_seconds: forecast.inputs.settings.sla.max_pickup_time_seconds,
    percentile: forecast.inputs.settings.sla.percentile,
    min_workers: forecast.inputs.settings.min_workers,
    max_workers: forecast.inputs.settings.max_workers,
    recommended_workers: forecast.recommendation.workers,
    steady_state_workers: forecast.recommendation.steady_state.workers,
    predictive_workers: forecast.recommendation.predictive.workers,
    backlog_drain_workers: forecast.recommendation.backlog_drain.workers,
    pickup_time_workers: forecast.recommendation.pickup_time.map(|component| component.workers),
    readable: forecast.is_readable,
});
