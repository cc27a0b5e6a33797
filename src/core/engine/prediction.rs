//! The pickup time that a number of workers should give.

use super::forecast::StrategyInputs;
use crate::calculators::{PickupTime, Workload};

/// How many standard deviations more than the mean come in before the next decision: 97.7 % of a normal distribution.
const SPREADS: f64 = 2.0;

/// Pickup time at the SLA's percentile for a job that comes in before the next decision, in seconds, if `workers` work.
///
/// The smaller of two views: the queue as it moves until the next decision (what waits, what comes in with its Poisson
/// spread, what is done meanwhile), and the steady state that it tends to (Erlang C). Fewer workers than the load have no
/// steady state; where `is_held`, so that the next decision cannot correct that either, nothing can be said: `None`. So it
/// is with jobs that wait and nobody who is let to work.
pub fn predict_pickup_seconds(inputs: &StrategyInputs, workers: u32, is_held: bool) -> Option<f64> {
    let pending = inputs.pending as f64;
    if workers == 0 {
        // The next decision starts a worker for what waits, or the next job wakes one up.
        let waited = inputs.oldest_job_age_seconds.unwrap_or(0.0);
        return (!is_held || inputs.pending == 0).then(|| waited + inputs.response_seconds());
    }
    let rate = inputs.arrival_rate_per_second.max(inputs.forecast_rate_per_second);
    let count = f64::from(workers);
    let service = inputs.service_time_seconds;
    let keeps_up = rate * service < count;
    if !keeps_up && is_held {
        return None;
    }
    let come_in = rate * inputs.turn_seconds;
    let spread = SPREADS * (come_in * inputs.arrival_dispersion.max(1.0)).sqrt();
    let are_done = count * inputs.turn_seconds / service;
    let most_waiting = pending.max(pending + come_in + spread - are_done);
    let moving = most_waiting * service / count;
    let workload = Workload {
        arrival_rate_per_second: rate,
        service_time_seconds: service,
        arrival_squared_variation: inputs.arrival_dispersion,
        service_squared_variation: inputs.service_squared_variation,
    };
    let steady = PickupTime::percentile_seconds(inputs.settings.sla.percentile, workers, &workload)
        .map_or(f64::INFINITY, |seconds| pending * service / count + seconds);
    let boot = if inputs.current_workers > inputs.starting_workers { 0.0 } else { inputs.boot_seconds };
    Some(boot + moving.min(steady))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PoolId;
    use crate::engine::ServiceTimeSource;
    use std::sync::Arc;

    /// Ten one-second jobs a second, `pending` of them waiting, turns of five seconds, workers at work.
    fn inputs(pending: u64) -> StrategyInputs {
        StrategyInputs {
            boot_seconds: 1.5,
            current_workers: 10,
            busy_workers: 10,
            pending,
            reserved: 10,
            oldest_job_age_seconds: (pending > 0).then_some(1.0),
            arrival_rate_per_second: 10.0,
            arrival_rate_confidence: 0.9,
            lasting_rate_per_second: 10.0,
            forecast_rate_per_second: 10.0,
            service_time_seconds: 1.0,
            service_time_source: ServiceTimeSource::UtilisationLaw,
            ..StrategyInputs::unseen(PoolId::new("redis", "emails"), Arc::default(), 5.0)
        }
    }

    #[test]
    fn what_waits_is_worked_off_by_all() {
        // 100 jobs over 20 workers; twice as many are done as come in.
        assert!((predict_pickup_seconds(&inputs(100), 20, false).unwrap() - 5.0).abs() < 0.1);
    }

    #[test]
    fn without_a_queue_it_is_the_smaller_of_erlangs_steady_state_and_one_turns_spread() {
        let spread = SPREADS * 50.0_f64.sqrt();
        let one_turn = (50.0 + spread - 55.0) / 11.0;
        assert!((predict_pickup_seconds(&inputs(0), 11, false).unwrap() - one_turn).abs() < 1e-9);
        assert_eq!(predict_pickup_seconds(&inputs(0), 40, false), Some(0.0));
    }

    #[test]
    fn too_few_workers_are_corrected_in_the_next_turn_unless_they_are_held() {
        // Two too few for five seconds, and the spread: 10 + 14.1 jobs more, over eight workers.
        let seconds = predict_pickup_seconds(&inputs(0), 8, false).unwrap();
        assert!((seconds - (10.0 + SPREADS * 50.0_f64.sqrt()) / 8.0).abs() < 1e-9);
        assert_eq!(predict_pickup_seconds(&inputs(0), 8, true), None);
    }

    #[test]
    fn with_nobody_a_job_waits_for_the_next_turn_and_a_boot() {
        assert_eq!(predict_pickup_seconds(&inputs(0), 0, true), Some(6.5));
        assert_eq!(predict_pickup_seconds(&inputs(1), 0, false), Some(7.5));
        assert_eq!(predict_pickup_seconds(&inputs(1), 0, true), None);
    }
}
