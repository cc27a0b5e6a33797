//! A whole run.

use super::autoscaler::Autoscaler;
use super::environment::Environment;
use super::outcome::Outcome;
use super::scenario::Scenario;
use super::simulation::Simulation;
use crate::engine::PoolWorkers;

/// Runs the scenario: `autoscaler` decides at instant 0 and then once a turn, until all jobs are done.
///
/// The same scenario, environment and autoscaler give the same outcome, to the bit.
pub fn run(scenario: &Scenario, environment: &Environment, autoscaler: &mut dyn Autoscaler) -> Outcome {
    let turn_seconds = autoscaler.turn_seconds().unwrap_or(environment.turn_seconds);
    let mut simulation = Simulation::new(scenario, &Environment { turn_seconds, ..environment.clone() });
    let mut targets: Vec<u32> = Vec::new();
    while let Some(sight) = simulation.next_turn() {
        targets.clear();
        targets.extend(sight.workers.iter().map(PoolWorkers::current));
        autoscaler.decide(&sight, &mut targets);
        simulation.scale(&targets, |place| autoscaler.idle_floor(place));
    }
    simulation.finish()
}
