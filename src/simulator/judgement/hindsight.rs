//! What a fixed number of workers would have done, found by trying.

use super::LATE_SHARE_ALLOWED;
use crate::environment::Environment;
use crate::peers::FixedWorkers;
use crate::run::run;
use crate::scenario::{PoolTraffic, Scenario};

/// The fewest workers of each pool that, never changed, start 99 % of the jobs in time; `max_workers` where none do.
///
/// With a queue in order of arrival more workers never make a job start later (J. Kiefer and J. Wolfowitz, "On the theory
/// of queues with many servers", 1955), so halving the interval finds it.
pub fn cheapest_fixed_workers(scenario: &Scenario, environment: &Environment) -> Vec<u32> {
    scenario.pools.iter().map(|traffic| cheapest_of(traffic, scenario.seconds, environment)).collect()
}

fn cheapest_of(traffic: &PoolTraffic, seconds: f64, environment: &Environment) -> u32 {
    let (mut too_few, mut enough) = (0, traffic.settings.max_workers.max(1));
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if share_within_sla(traffic, seconds, environment, middle) >= 1.0 - LATE_SHARE_ALLOWED {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    enough
}

/// The largest share of all jobs that anybody could start in time, 0 ..= 1: with `max_workers` in every pool, ready
/// before the first job. By the same argument nobody starts a job earlier.
pub fn most_within_sla(scenario: &Scenario, environment: &Environment) -> f64 {
    let shares = scenario.pools.iter().map(|traffic| {
        let booted = PoolTraffic { boot_seconds: Some(0.0), ..traffic.clone() };
        share_within_sla(&booted, scenario.seconds, environment, traffic.settings.max_workers)
            * traffic.jobs.len() as f64
    });
    shares.sum::<f64>() / scenario.job_count().max(1) as f64
}

fn share_within_sla(traffic: &PoolTraffic, seconds: f64, environment: &Environment, workers: u32) -> f64 {
    let alone = Scenario { name: String::new(), seconds, pools: vec![traffic.clone()], host: None };
    let outcome = run(&alone, environment, &mut FixedWorkers::new(vec![workers]));
    outcome.pools.iter().map(|pool| pool.share_within_sla()).sum()
}
