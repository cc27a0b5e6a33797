//! What nobody can surpass on a scenario.

use super::bound::least_worker_seconds;
use super::reserve::most_within_sla_without_reserve;
use super::turn_bound::least_worker_seconds_at_turns;
use crate::environment::Environment;
use crate::scenario::Scenario;

/// What nobody can surpass on a scenario.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Fewest worker-seconds that keep the promise, for whoever knows the future.
    pub least_worker_seconds: f64,
    /// The same for whoever starts workers only at turns, as every online strategy does.
    pub least_worker_seconds_at_turns: f64,
    /// Largest share of the jobs that can be started in time without a reserve of idle workers, 0 ..= 1.
    pub most_within_sla_without_reserve: f64,
}

impl Bounds {
    /// The bounds of all pools together.
    pub fn of(scenario: &Scenario, environment: &Environment) -> Self {
        let pools = scenario.pools.iter().map(|traffic| {
            let boot_seconds = traffic.boot_seconds.unwrap_or(environment.boot_seconds);
            let clairvoyant = least_worker_seconds(traffic, boot_seconds);
            let at_turns = least_worker_seconds_at_turns(traffic, boot_seconds, environment.turn_seconds);
            // Either is a bound; they do not add up, as they may count the same boots.
            (clairvoyant, at_turns.max(clairvoyant))
        });
        let (clairvoyant, at_turns) = pools.fold((0.0, 0.0), |sum, pool| (sum.0 + pool.0, sum.1 + pool.1));
        Self {
            least_worker_seconds: clairvoyant,
            least_worker_seconds_at_turns: at_turns,
            most_within_sla_without_reserve: most_within_sla_without_reserve(scenario, environment),
        }
    }
}
