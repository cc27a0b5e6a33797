//! What the engine decided.

use super::columns::columns;
use crate::engine::ScalingDecision;

columns!(ScalingDecision, decision => {
    /// Laravel's connection name.
    connection: repeated = &decision.pool.connection,
    /// The queue, or the queues of a group in priority order, as --queue= gets them.
    queues: text = &decision.pool.queues,
    /// Workers now, those on their way out not counted.
    current_workers: int = decision.current_workers,
    /// What the strategy wants, before bounds and constraints.
    recommended_workers: int = decision.recommended_workers,
    /// What the supervisor is to reach.
    target_workers: int = decision.target_workers,
    /// Workers that stay although they find no job; beyond them, an idle one leaves by itself before the next decision.
    idle_floor_workers: int = decision.idle_floor_workers,
    /// Load at the estimated arrival rate, less what the queue may still fill.
    steady_state_workers: float = decision.steady_state.workers,
    /// The same at the forecast rate.
    predictive_workers: float = decision.predictive.workers,
    /// Load plus what must go before its deadline.
    backlog_drain_workers: float = decision.backlog_drain.workers,
    /// Erlang C staffing, where the SLA is too short for feedback; null elsewhere.
    pickup_time_workers: optional_float = decision.pickup_time.map(|component| component.workers),
    /// Jobs waiting.
    pending: int = decision.pending,
    /// Age of the oldest waiting job, told or inferred; null where nothing waits.
    oldest_job_age_seconds: optional_float = decision.oldest_job_age_seconds,
    /// Estimated arrival rate, in jobs per second.
    arrival_rate_per_second: float = decision.arrival_rate_per_second,
    /// How sure the estimate is, from 0 to 1.
    arrival_rate_confidence: float = decision.arrival_rate_confidence,
    /// Forecast arrival rate, in jobs per second.
    forecast_rate_per_second: float = decision.forecast_rate_per_second,
    /// Mean service time of a job.
    service_time_seconds: float = decision.service_time_seconds,
    /// Where it came from: utilisation_law, reported, last_known or default.
    service_time_source: repeated = decision.service_time_source.as_str(),
    /// Time that a new worker needs until it takes a job.
    boot_seconds: float = decision.boot_seconds,
    /// The promise: how long a job may wait.
    max_pickup_time_seconds: float = decision.max_pickup_time_seconds,
    /// Pickup time at the SLA's percentile that the target should give; null where it cannot be said.
    predicted_pickup_time_seconds: optional_float = decision.predicted_pickup_time_seconds,
    /// Whether the promise holds: met, at_risk, breached or unknown.
    sla_state: repeated = decision.sla_state.as_str(),
    /// See constraints().
    constraints: list = &decision.constraints,
    /// The whole decision in one sentence.
    reason: text = &decision.reason,
});
