//! What a strategy may know of a pool.

use super::columns::columns;
use crate::engine::PoolForecast;

columns!(PoolForecast, forecast => {
    /// Laravel's connection name.
    connection: repeated = &forecast.inputs.pool.connection,
    /// The queue, or the queues of a group in priority order, as --queue= gets them.
    queues: text = &forecast.inputs.pool.queues,
    /// Time between two decisions.
    turn_seconds: float = forecast.inputs.turn_seconds,
    /// Time from starting a worker to its first job.
    boot_seconds: float = forecast.inputs.boot_seconds,
    /// Workers, those on their way out not counted.
    current_workers: int = forecast.inputs.current_workers,
    /// Those of them in a job.
    busy_workers: int = forecast.inputs.busy_workers,
    /// Those of them that do not look for jobs yet.
    starting_workers: int = forecast.inputs.starting_workers,
    /// Jobs waiting.
    pending: int = forecast.inputs.pending,
    /// Delayed jobs.
    scheduled: int = forecast.inputs.scheduled,
    /// Jobs held by workers.
    reserved: int = forecast.inputs.reserved,
    /// Age of the oldest waiting job, told or inferred; null where nothing waits.
    oldest_job_age_seconds: optional_float = forecast.inputs.oldest_job_age_seconds,
    /// Estimated arrival rate, in jobs per second.
    arrival_rate_per_second: float = forecast.inputs.arrival_rate_per_second,
    /// How sure the estimate is, from 0 to 1.
    arrival_rate_confidence: float = forecast.inputs.arrival_rate_confidence,
    /// Arrival rate expected when a worker started now would be at work, in jobs per second.
    forecast_rate_per_second: float = forecast.inputs.forecast_rate_per_second,
    /// Mean service time of a job.
    service_time_seconds: float = forecast.inputs.service_time_seconds,
    /// Where it came from: utilisation_law, reported, last_known or default.
    service_time_source: repeated = forecast.inputs.service_time_source.as_str(),
    /// The promise: how long a job may wait.
    max_pickup_time_seconds: float = forecast.inputs.settings.sla.max_pickup_time_seconds,
    /// Share of the jobs that the promise covers, in percent.
    percentile: float = forecast.inputs.settings.sla.percentile,
    /// Fewest workers, whatever is recommended.
    min_workers: int = forecast.inputs.settings.min_workers,
    /// Most workers, whatever is recommended.
    max_workers: int = forecast.inputs.settings.max_workers,
    /// What the built-in strategy recommends: the maximum of the components, as whole workers.
    recommended_workers: int = forecast.recommendation.workers,
    /// Load at the estimated arrival rate, less what the queue may still fill.
    steady_state_workers: float = forecast.recommendation.steady_state.workers,
    /// The same at the forecast rate.
    predictive_workers: float = forecast.recommendation.predictive.workers,
    /// Load plus what must go before its deadline.
    backlog_drain_workers: float = forecast.recommendation.backlog_drain.workers,
    /// Erlang C staffing, where the SLA is too short for feedback; null elsewhere.
    pickup_time_workers: optional_float = forecast.recommendation.pickup_time.map(|component| component.workers),
    /// Whether this turn's metrics could be read; if not, the workers stay whatever is recommended.
    readable: flag = forecast.is_readable,
});
