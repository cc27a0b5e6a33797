//! The figures of a run.

use super::{Bounds, Elasticity};
use crate::outcome::{Outcome, PoolOutcome};
use crate::scenario::Scenario;

const SECONDS_PER_HOUR: f64 = 3600.0;

/// The figures of a run, all pools together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Jobs.
    pub jobs: f64,
    /// Share of the jobs picked up within their pool's SLA, 0 ..= 1.
    pub within_sla: f64,
    /// Median pickup time, in seconds.
    pub p50_seconds: f64,
    /// Pickup time that 95 % of the jobs do not exceed, in seconds.
    pub p95_seconds: f64,
    /// Pickup time that 99 % of the jobs do not exceed, in seconds.
    pub p99_seconds: f64,
    /// Median pickup time as a share of the SLA.
    pub p50_of_sla: f64,
    /// The same of 95 % of the jobs.
    pub p95_of_sla: f64,
    /// Worker-seconds spent.
    pub worker_seconds: f64,
    /// Fewest worker-seconds possible.
    pub least_worker_seconds: f64,
    /// The same for whoever starts workers only at turns.
    pub least_worker_seconds_at_turns: f64,
    /// Largest share of the jobs that can be picked up within the SLA without a reserve of idle workers, 0 ..= 1.
    pub most_within_sla_without_reserve: f64,
    /// Share of the workers' time spent in jobs, 0 ..= 1.
    pub utilisation: f64,
    /// Changes of a target, an hour and pool.
    pub actions_per_hour: f64,
    /// Changes of a target against the direction of the change before, an hour and pool.
    pub reversals_per_hour: f64,
    /// How well the workers followed the demand.
    pub elasticity: Elasticity,
}

impl Summary {
    /// The figures of one run; `bounds` are the whole scenario's.
    pub fn of(scenario: &Scenario, outcome: &Outcome, bounds: &Bounds) -> Self {
        let mut waits: Vec<f32> = outcome.pools.iter().flat_map(|pool| pool.pickup_seconds.iter().copied()).collect();
        waits.sort_by(f32::total_cmp);
        let sum = |figure: fn(&PoolOutcome) -> f64| outcome.pools.iter().map(figure).sum::<f64>();
        let jobs = waits.len().max(1) as f64;
        let pool_hours = outcome.pools.len() as f64 * outcome.seconds / SECONDS_PER_HOUR;
        let slas = sum(|pool| pool.max_pickup_time_seconds) / outcome.pools.len().max(1) as f64;
        let worker_seconds = sum(|pool| pool.worker_seconds);
        let elasticities: Vec<Elasticity> = scenario
            .pools
            .iter()
            .zip(&outcome.pools)
            .map(|(traffic, pool)| Elasticity::of(traffic, pool, scenario.seconds))
            .collect();
        Self {
            jobs: waits.len() as f64,
            within_sla: sum(|pool| pool.jobs_within_sla() as f64) / jobs,
            p50_seconds: quantile(&waits, 0.5),
            p95_seconds: quantile(&waits, 0.95),
            p99_seconds: quantile(&waits, 0.99),
            p50_of_sla: quantile(&waits, 0.5) / slas,
            p95_of_sla: quantile(&waits, 0.95) / slas,
            worker_seconds,
            least_worker_seconds: bounds.least_worker_seconds,
            least_worker_seconds_at_turns: bounds.least_worker_seconds_at_turns,
            most_within_sla_without_reserve: bounds.most_within_sla_without_reserve,
            utilisation: sum(|pool| pool.busy_seconds) / worker_seconds.max(f64::MIN_POSITIVE),
            actions_per_hour: sum(|pool| pool.actions() as f64) / pool_hours,
            reversals_per_hour: sum(|pool| pool.reversals() as f64) / pool_hours,
            elasticity: Elasticity::mean(&elasticities),
        }
    }

    /// Worker-seconds spent ÷ fewest possible.
    pub fn cost_ratio(&self) -> f64 {
        self.worker_seconds / self.least_worker_seconds.max(f64::MIN_POSITIVE)
    }

    /// Worker-seconds spent ÷ fewest possible for whoever starts workers only at turns.
    pub fn cost_ratio_at_turns(&self) -> f64 {
        self.worker_seconds / self.least_worker_seconds_at_turns.max(f64::MIN_POSITIVE)
    }

    /// The runs of one scenario with several seeds: sums of jobs and costs, means of all else.
    pub fn mean(all: &[Self]) -> Self {
        let count = all.len().max(1) as f64;
        let sum = |figure: fn(&Self) -> f64| all.iter().map(figure).sum::<f64>();
        let elasticities: Vec<Elasticity> = all.iter().map(|one| one.elasticity).collect();
        Self {
            jobs: sum(|one| one.jobs),
            within_sla: sum(|one| one.within_sla * one.jobs) / sum(|one| one.jobs).max(1.0),
            p50_seconds: sum(|one| one.p50_seconds) / count,
            p95_seconds: sum(|one| one.p95_seconds) / count,
            p99_seconds: sum(|one| one.p99_seconds) / count,
            p50_of_sla: sum(|one| one.p50_of_sla) / count,
            p95_of_sla: sum(|one| one.p95_of_sla) / count,
            worker_seconds: sum(|one| one.worker_seconds),
            least_worker_seconds: sum(|one| one.least_worker_seconds),
            least_worker_seconds_at_turns: sum(|one| one.least_worker_seconds_at_turns),
            most_within_sla_without_reserve: sum(|one| one.most_within_sla_without_reserve * one.jobs)
                / sum(|one| one.jobs).max(1.0),
            utilisation: sum(|one| one.utilisation) / count,
            actions_per_hour: sum(|one| one.actions_per_hour) / count,
            reversals_per_hour: sum(|one| one.reversals_per_hour) / count,
            elasticity: Elasticity::mean(&elasticities),
        }
    }
}

/// The value that the given share of the sorted values does not exceed; 0 without any.
pub(crate) fn quantile(sorted: &[f32], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).map_or(0.0, |value| f64::from(*value))
}

/// Geometric mean; 1 without any value.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(sum, count), value| (sum + value.ln(), count + 1.0));
    if count > 0.0 { f64::exp(sum / count) } else { 1.0 }
}
