//! The simulator's function.

use super::configuration::Configuration;
use super::entry::returning;
use super::handle;
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::numbers::{above_zero, at_least_zero};
use crate::config::PoolId;
use crate::simulator::traffic::Job;
use crate::simulator::{EngineAutoscaler, Environment, PoolOutcome, PoolTraffic, Sample, Scenario, run};
use serde::{Deserialize, Serialize};
use std::ffi::c_char;
use std::sync::Arc;

/// Runs the engine, under a configuration, on traffic that is given, and tells what would come of it. Nothing is started, and
/// hours take milliseconds; the same input gives the same output.
///
/// `traffic` is `{"pools": [{"connection": …, "queues": …, "jobs": [[arrives at, takes], …]}, …], "boot_seconds": …}`, times in
/// seconds, the time that a worker needs to boot being 1.5 where it is absent. The output is `{"seconds": until the last job was
/// done, "pools": [{"connection": …, "queues": …, "jobs": …, "jobs_within_sla": …, "share_within_sla": …,
/// "longest_pickup_seconds": null where a job was never picked up, "worker_seconds": …, "busy_seconds": …,
/// "peak_workers": …, "target_changes": …}, …]}`, the pools in the order of the traffic.
///
/// # Safety
/// `configuration` is a handle; `traffic` points to `traffic_length` bytes; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulate(
    configuration: *mut Configuration,
    traffic: *const c_char,
    traffic_length: usize,
    output: *mut Text,
) -> Status {
    let simulate = || {
        // SAFETY: by this function's own condition.
        let (configuration, traffic) =
            unsafe { (handle::value(configuration)?, input::text("traffic", traffic, traffic_length)?) };
        json_of(&outcome_of(configuration, input::json("traffic", traffic)?)?).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, simulate) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Traffic {
    pools: Vec<TrafficOfPool>,
    boot_seconds: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrafficOfPool {
    connection: String,
    queues: String,
    /// When each arrives and how long it takes.
    jobs: Vec<(f64, f64)>,
}

#[derive(Serialize)]
struct Outcome {
    seconds: f64,
    pools: Vec<OutcomeOfPool>,
}

#[derive(Serialize)]
struct OutcomeOfPool {
    #[serde(flatten)]
    pool: PoolId,
    jobs: usize,
    jobs_within_sla: usize,
    share_within_sla: f64,
    /// JSON has no infinity, so it is null.
    longest_pickup_seconds: f32,
    worker_seconds: f64,
    busy_seconds: f64,
    peak_workers: u32,
    target_changes: usize,
}

impl From<&PoolOutcome> for OutcomeOfPool {
    fn from(outcome: &PoolOutcome) -> Self {
        Self {
            pool: outcome.pool.clone(),
            jobs: outcome.pickup_seconds.len(),
            jobs_within_sla: outcome.jobs_within_sla(),
            share_within_sla: outcome.share_within_sla(),
            longest_pickup_seconds: outcome.pickup_seconds.iter().copied().fold(0.0, f32::max),
            worker_seconds: outcome.worker_seconds,
            busy_seconds: outcome.busy_seconds,
            peak_workers: outcome.samples.iter().map(Sample::alive).max().unwrap_or_default(),
            target_changes: outcome.actions(),
        }
    }
}

fn outcome_of(configuration: &Arc<crate::config::Configuration>, traffic: Traffic) -> Result<Outcome, Failure> {
    let default = Environment::default();
    let environment = Environment {
        turn_seconds: configuration.interval_seconds,
        boot_seconds: at_least_zero("boot_seconds", traffic.boot_seconds.unwrap_or(default.boot_seconds))?,
        ..default
    };
    let pools = traffic.pools.into_iter().map(|pool| pool_traffic(configuration, pool));
    let pools: Vec<PoolTraffic> = pools.collect::<Result<_, _>>()?;
    let last = |traffic: &PoolTraffic| traffic.jobs.last().map_or(0.0, |job| job.arrives_at_seconds);
    let seconds = pools.iter().map(last).fold(0.0, f64::max);
    let names: Vec<PoolId> = pools.iter().map(|traffic| traffic.pool.clone()).collect();
    let scenario = Scenario { name: "traffic".to_owned(), seconds, pools, host: None };
    let outcome = run(&scenario, &environment, &mut EngineAutoscaler::new(Arc::clone(configuration), names));
    Ok(Outcome { seconds: outcome.seconds, pools: outcome.pools.iter().map(OutcomeOfPool::from).collect() })
}

fn pool_traffic(
    configuration: &Arc<crate::config::Configuration>,
    traffic: TrafficOfPool,
) -> Result<PoolTraffic, Failure> {
    let pool = PoolId::new(traffic.connection, traffic.queues);
    let jobs = traffic.jobs.into_iter().map(|(arrives_at_seconds, service_seconds)| {
        Ok(Job::new(at_least_zero("jobs", arrives_at_seconds)?, above_zero("jobs", service_seconds)?))
    });
    let mut jobs: Vec<Job> = jobs.collect::<Result<_, Failure>>()?;
    jobs.sort_by(|one, other| one.arrives_at_seconds.total_cmp(&other.arrives_at_seconds));
    Ok(PoolTraffic { settings: (*configuration.pool_settings(&pool)).clone(), pool, jobs, boot_seconds: None })
}
