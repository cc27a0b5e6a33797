//! The pickup time that a number of workers should give.

use super::forecast::StrategyInputs;
use crate::calculators::{PickupTime, Workload};

/// Pickup time at the SLA's percentile for a job that comes in before the next decision, in seconds, if `workers` work.
/// `None` where they cannot keep up, or nobody works although jobs come in or wait.
///
/// The smaller of two views: the queue as it moves until the next decision (what waits, what comes in, what is done
/// meanwhile, with the Poisson spread of the arrivals), and the steady state that it tends to (Erlang C).
pub fn predict_pickup_seconds(inputs: &StrategyInputs, workers: u32) -> Option<f64> {
    let rate = inputs.arrival_rate_per_second.max(inputs.forecast_rate_per_second);
    let service = inputs.service_time_seconds;
    let boot = if inputs.current_workers > inputs.starting_workers { 0.0 } else { inputs.boot_seconds };
    if workers == 0 {
        // The first job wakes a worker up, which takes one response time.
        return (inputs.pending == 0).then(|| inputs.response_seconds());
    }
    let count = f64::from(workers);
    let drain_seconds = inputs.pending as f64 * service / count;
    if rate * service > count {
        return None;
    }
    let percentile = inputs.settings.sla.percentile;
    let workload = Workload {
        arrival_rate_per_second: rate,
        service_time_seconds: service,
        arrival_squared_variation: inputs.arrival_dispersion,
        service_squared_variation: inputs.service_squared_variation,
    };
    let steady = PickupTime::percentile_seconds(percentile, workers, &workload).unwrap_or(f64::INFINITY);
    let come_in = rate * inputs.turn_seconds;
    let spread = SPREADS * (come_in * inputs.arrival_dispersion.max(1.0)).sqrt();
    let moving = (come_in + spread) * service / count;
    Some(boot + drain_seconds + steady.min(moving))
}

/// How many standard deviations more than the mean come in before the next decision: 97.7 % of a normal distribution.
const SPREADS: f64 = 2.0;
