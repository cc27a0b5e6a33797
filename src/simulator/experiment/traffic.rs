//! The traffic of an experiment: under which settings, and what is known of it.

use super::ExperimentError;
use crate::config::{Configuration, PoolId};
use crate::environment::Environment;
use crate::recorded::RealPool;
use crate::scenario::{PoolTraffic, Scenario};
use serde::Serialize;

/// What came in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrafficFigures {
    /// The scenario's name, `recording` or `arrivals`.
    pub name: String,
    /// Jobs of all pools.
    pub jobs: usize,
    /// Time in which they came in, in seconds.
    pub seconds: f64,
    /// Time between two turns as recorded, in seconds.
    pub turn_seconds: Option<f64>,
    /// Time that workers took to boot as recorded, in seconds.
    pub boot_seconds: Option<f64>,
    /// Pool by pool.
    pub pools: Vec<PoolTrafficFigures>,
}

/// What came in to one pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolTrafficFigures {
    /// The pool's connection.
    pub connection: String,
    /// Its queues in priority order, separated by commas.
    pub queues: String,
    /// Its jobs.
    pub jobs: usize,
    /// Their mean duration, in seconds.
    pub mean_service_seconds: f64,
    /// What really happened; `None` where the traffic is no recording.
    pub real: Option<RealFigures>,
}

/// What really happened in one pool, as its recording tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RealFigures {
    /// Mean number of workers alive.
    pub mean_workers: f64,
    /// Most workers alive.
    pub peak_workers: u32,
    /// Mean wait until the pickup, in seconds.
    pub mean_pickup_seconds: f64,
}

impl RealFigures {
    pub(super) fn of(real: &RealPool) -> Self {
        Self {
            mean_workers: real.mean_workers(),
            peak_workers: real.peak_workers(),
            mean_pickup_seconds: real.mean_pickup_seconds(),
        }
    }
}

impl TrafficFigures {
    /// `real` is empty, or in the scenario's order of pools.
    pub(super) fn of(scenario: &Scenario, recorded: Option<&Environment>, real: &[RealFigures]) -> Self {
        let pools = scenario.pools.iter().enumerate().map(|(place, traffic)| PoolTrafficFigures {
            connection: traffic.pool.connection.to_string(),
            queues: traffic.pool.queues.to_string(),
            jobs: traffic.jobs.len(),
            mean_service_seconds: traffic.mean_service_seconds(),
            real: real.get(place).copied(),
        });
        Self {
            name: scenario.name.clone(),
            jobs: scenario.job_count(),
            seconds: scenario.seconds,
            turn_seconds: recorded.map(|environment| environment.turn_seconds),
            boot_seconds: recorded.map(|environment| environment.boot_seconds),
            pools: pools.collect(),
        }
    }
}

/// A named scenario's traffic on the connection that the user has.
pub(super) fn on_default_connection(scenario: Scenario, configuration: &Configuration) -> Scenario {
    let pools = scenario.pools.into_iter().map(|traffic| PoolTraffic {
        pool: PoolId::new(configuration.default_connection.as_str(), traffic.pool.queues.clone()),
        ..traffic
    });
    Scenario { pools: pools.collect(), ..scenario }
}

/// The same traffic under the configuration's settings.
///
/// # Errors
///
/// Where the configuration does not work a pool's queues in one pool.
pub(super) fn under(scenario: &Scenario, configuration: &Configuration) -> Result<Scenario, ExperimentError> {
    let mut pools = Vec::with_capacity(scenario.pools.len());
    for traffic in &scenario.pools {
        let pool_of = |queue| configuration.pool_of(&traffic.pool.connection, queue);
        if let Some(other) = traffic.queues().into_iter().map(pool_of).find(|pool| *pool != Some(traffic.pool.clone()))
        {
            let remedy = match other {
                Some(_) => "give it a group of these queues",
                None => "take its queue out of \"excluded\"",
            };
            return Err(ExperimentError::NotWorked { pool: traffic.pool.clone(), remedy });
        }
        pools.push(PoolTraffic { settings: (*configuration.pool_settings(&traffic.pool)).clone(), ..traffic.clone() });
    }
    Ok(Scenario { pools, ..scenario.clone() })
}
