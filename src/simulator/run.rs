//! A whole run: all pools, turn by turn.

use super::autoscaler::{Autoscaler, Sight};
use super::environment::Environment;
use super::observer::Observer;
use super::outcome::{Outcome, PoolOutcome, Sample};
use super::pool_run::PoolRun;
use super::scenario::Scenario;
use crate::engine::PoolWorkers;

/// A run ends at the latest this many times as long after its beginning as jobs arrive, so that an autoscaler that
/// never serves the last jobs does not run for ever.
const LONGEST_RUN_FACTOR: f64 = 4.0;
/// And at the earliest this long after the last arrival, in seconds, whatever its length.
const LEAST_DRAIN_SECONDS: f64 = 3600.0;

/// Runs the scenario: `autoscaler` decides at instant 0 and then once a turn, until all jobs are done.
///
/// The same scenario, environment and autoscaler give the same outcome, to the bit.
pub fn run(scenario: &Scenario, environment: &Environment, autoscaler: &mut dyn Autoscaler) -> Outcome {
    let turn_seconds = autoscaler.turn_seconds().unwrap_or(environment.turn_seconds);
    let mut pools: Vec<PoolRun<'_>> = scenario.pools.iter().map(|traffic| PoolRun::new(traffic, environment)).collect();
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); pools.len()];
    let mut observer = Observer::new(environment);
    let last_turn_seconds = (scenario.seconds * LONGEST_RUN_FACTOR).max(scenario.seconds + LEAST_DRAIN_SECONDS);
    let mut turn: u32 = 0;
    loop {
        let now_seconds = f64::from(turn) * turn_seconds;
        pools.iter_mut().for_each(|pool| pool.advance(now_seconds));
        let over = now_seconds >= scenario.seconds && pools.iter().all(PoolRun::is_done);
        if over || now_seconds > last_turn_seconds {
            break;
        }
        take_turn(scenario, &mut pools, &mut observer, autoscaler, &mut samples, now_seconds);
        turn += 1;
    }
    finish(scenario, pools, samples)
}

fn take_turn(
    scenario: &Scenario,
    pools: &mut [PoolRun<'_>],
    observer: &mut Observer,
    autoscaler: &mut dyn Autoscaler,
    samples: &mut [Vec<Sample>],
    now_seconds: f64,
) {
    let workers: Vec<PoolWorkers> = pools.iter().map(|pool| pool.pool_workers(now_seconds)).collect();
    let metrics = observer.read(pools, now_seconds);
    let capacity = scenario.host.map(|host| {
        let cpu_cores = workers.iter().map(|pool| pool.cpu_used_cores).sum();
        let memory_bytes = workers.iter().map(|pool| pool.memory_used_bytes).sum();
        host.capacity(cpu_cores, memory_bytes)
    });
    let mut targets: Vec<u32> = workers.iter().map(PoolWorkers::current).collect();
    let sight = Sight { now_seconds, metrics, workers: &workers, host: capacity.as_ref() };
    autoscaler.decide(&sight, &mut targets);
    for ((pool, target), samples) in pools.iter_mut().zip(targets).zip(samples) {
        pool.scale(target, now_seconds);
        samples.push(sample(pool, target, now_seconds));
    }
}

fn sample(pool: &PoolRun<'_>, target: u32, now_seconds: f64) -> Sample {
    let workforce = pool.workforce();
    Sample {
        at_seconds: now_seconds,
        arrived: pool.arrived(),
        pending: pool.pending(),
        starting: workforce.starting(),
        idle: workforce.idle(),
        in_a_job: workforce.in_a_job(),
        leaving: workforce.leaving(),
        target,
    }
}

fn finish(scenario: &Scenario, pools: Vec<PoolRun<'_>>, samples: Vec<Vec<Sample>>) -> Outcome {
    let last_finished = pools.iter().map(PoolRun::last_finished_at_seconds).fold(0.0, f64::max);
    let seconds = scenario.seconds.max(last_finished);
    let outcomes = scenario.pools.iter().zip(pools).zip(samples).map(|((traffic, pool), samples)| PoolOutcome {
        pool: traffic.pool.clone(),
        max_pickup_time_seconds: traffic.settings.sla.max_pickup_time_seconds,
        worker_seconds: pool.workforce().worker_seconds(seconds),
        busy_seconds: pool.workforce().busy_seconds(seconds),
        pickup_seconds: pool.into_pickup_seconds(),
        samples,
    });
    Outcome { seconds, pools: outcomes.collect() }
}
