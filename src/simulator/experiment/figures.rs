//! What a run came to, in the form that other languages get.

use super::RunOptions;
use crate::environment::Environment;
use crate::judgement::{Summary, quantile};
use crate::outcome::{Outcome, PoolOutcome};
use crate::scenario::Scenario;
use serde::Serialize;

const PERCENT: f64 = 100.0;

/// A run's figures. A pickup time is `None` where the job was never picked up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunFigures {
    /// What the run is called.
    pub name: String,
    /// Who decided.
    pub strategy: &'static str,
    /// Time between two turns, in seconds.
    pub turn_seconds: f64,
    /// Time that workers took to boot, in seconds.
    pub boot_seconds: f64,
    /// Jobs of all pools.
    pub jobs: usize,
    /// Share of the jobs picked up within their pool's promise.
    pub within_sla_percent: f64,
    /// Median pickup time, in seconds.
    pub p50_pickup_seconds: Option<f64>,
    /// Pickup time that 95 % of the jobs do not exceed, in seconds.
    pub p95_pickup_seconds: Option<f64>,
    /// Pickup time that 99 % of the jobs do not exceed, in seconds.
    pub p99_pickup_seconds: Option<f64>,
    /// Worker-seconds from spawning to leaving.
    pub worker_seconds: f64,
    /// Fewest worker-seconds with which anybody, knowing the future, could have kept the promise.
    pub least_worker_seconds: f64,
    /// The one over the other.
    pub cost_ratio: f64,
    /// Share of the workers' time spent in jobs.
    pub utilisation_percent: f64,
    /// Changes of a target, an hour and pool.
    pub actions_per_hour: f64,
    /// Changes of a target against the direction of the change before, an hour and pool.
    pub reversals_per_hour: f64,
    /// Mean of the workers missing, as a share of the demand.
    pub under_accuracy_percent: f64,
    /// Mean of the workers too many, as a share of the demand.
    pub over_accuracy_percent: f64,
    /// Share of the time in which workers were missing.
    pub under_timeshare_percent: f64,
    /// Share of the time in which there were too many.
    pub over_timeshare_percent: f64,
    /// Share of the time in which supply and demand did not go the same way.
    pub instability_percent: f64,
    /// Pool by pool.
    pub pools: Vec<PoolFigures>,
}

/// One pool's figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolFigures {
    /// The pool's connection.
    pub connection: String,
    /// Its queues in priority order, separated by commas.
    pub queues: String,
    /// Its jobs.
    pub jobs: usize,
    /// The promise, in seconds.
    pub max_pickup_time_seconds: f64,
    /// Share of the jobs picked up within it.
    pub within_sla_percent: f64,
    /// Mean pickup time, in seconds.
    pub mean_pickup_seconds: Option<f64>,
    /// Median pickup time, in seconds.
    pub p50_pickup_seconds: Option<f64>,
    /// Pickup time that 95 % of the jobs do not exceed, in seconds.
    pub p95_pickup_seconds: Option<f64>,
    /// Pickup time that 99 % of the jobs do not exceed, in seconds.
    pub p99_pickup_seconds: Option<f64>,
    /// Worker-seconds from spawning to leaving.
    pub worker_seconds: f64,
    /// Mean number of workers alive while jobs came in.
    pub mean_workers: f64,
    /// Most workers alive.
    pub peak_workers: u32,
    /// Share of the workers' time spent in jobs.
    pub utilisation_percent: f64,
    /// Turns that changed the target.
    pub actions: usize,
    /// Turns that changed it the other way than the change before.
    pub reversals: usize,
}

impl RunFigures {
    pub(super) fn of(
        options: &RunOptions,
        environment: &Environment,
        scenario: &Scenario,
        outcome: &Outcome,
        summary: &Summary,
    ) -> Self {
        let elasticity = summary.elasticity;
        Self {
            name: options.name.clone(),
            strategy: options.strategy.name(),
            turn_seconds: environment.turn_seconds,
            boot_seconds: environment.boot_seconds,
            jobs: scenario.job_count(),
            within_sla_percent: PERCENT * summary.within_sla,
            p50_pickup_seconds: finite(summary.p50_seconds),
            p95_pickup_seconds: finite(summary.p95_seconds),
            p99_pickup_seconds: finite(summary.p99_seconds),
            worker_seconds: summary.worker_seconds,
            least_worker_seconds: summary.least_worker_seconds,
            cost_ratio: summary.cost_ratio(),
            utilisation_percent: PERCENT * summary.utilisation,
            actions_per_hour: summary.actions_per_hour,
            reversals_per_hour: summary.reversals_per_hour,
            under_accuracy_percent: elasticity.under_accuracy_percent,
            over_accuracy_percent: elasticity.over_accuracy_percent,
            under_timeshare_percent: elasticity.under_timeshare_percent,
            over_timeshare_percent: elasticity.over_timeshare_percent,
            instability_percent: elasticity.instability_percent,
            pools: outcome.pools.iter().map(|pool| PoolFigures::of(pool, scenario.seconds)).collect(),
        }
    }
}

impl PoolFigures {
    fn of(outcome: &PoolOutcome, seconds: f64) -> Self {
        let mut waits = outcome.pickup_seconds.clone();
        waits.sort_by(f32::total_cmp);
        let jobs = waits.len();
        let sum_seconds: f64 = waits.iter().map(|wait| f64::from(*wait)).sum();
        let while_jobs_came = outcome.samples.iter().rfind(|sample| sample.at_seconds <= seconds);
        let mean_workers = while_jobs_came.map(|last| last.worker_seconds / last.at_seconds.max(f64::MIN_POSITIVE));
        Self {
            connection: outcome.pool.connection.to_string(),
            queues: outcome.pool.queues.to_string(),
            jobs,
            max_pickup_time_seconds: outcome.max_pickup_time_seconds,
            within_sla_percent: PERCENT * outcome.share_within_sla(),
            mean_pickup_seconds: finite(sum_seconds / jobs.max(1) as f64),
            p50_pickup_seconds: finite(quantile(&waits, 0.5)),
            p95_pickup_seconds: finite(quantile(&waits, 0.95)),
            p99_pickup_seconds: finite(quantile(&waits, 0.99)),
            worker_seconds: outcome.worker_seconds,
            mean_workers: mean_workers.unwrap_or(0.0),
            peak_workers: outcome.samples.iter().map(|sample| sample.alive()).max().unwrap_or(0),
            utilisation_percent: PERCENT * outcome.busy_seconds / outcome.worker_seconds.max(f64::MIN_POSITIVE),
            actions: outcome.actions(),
            reversals: outcome.reversals(),
        }
    }
}

fn finite(seconds: f64) -> Option<f64> {
    seconds.is_finite().then_some(seconds)
}
