//! What the noise of a steady stream of jobs does to the decisions.

use crate::support::{engine, pool};
use queue_autoscale::config::{PoolSettings, Sla};
use queue_autoscale::engine::{ScalingDecision, ScalingEngine, Turn};
use queue_autoscale::simulator::traffic::{Pattern, Recipe, ServiceTime};
use queue_autoscale::simulator::{Autoscaler, Environment, Scenario, Sight, run};

/// The engine, and what it decided.
struct Watched {
    engine: ScalingEngine,
    decisions: Vec<ScalingDecision>,
}

impl Autoscaler for Watched {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        let turn =
            Turn { now_seconds: sight.now_seconds, metrics: sight.metrics, workers: sight.workers, host: sight.host };
        self.decisions.extend(self.engine.evaluate(turn).decisions);
        targets[0] = self.decisions.last().unwrap().target_workers;
    }

    fn idle_floor(&self, _place: usize) -> Option<u32> {
        self.decisions.last().map(|decision| decision.idle_floor_workers)
    }
}

/// Ten jobs a second of a second each, at random, over two hours.
fn decisions_of_a_steady_stream(max_pickup_time_seconds: f64) -> Vec<ScalingDecision> {
    const SECONDS: f64 = 7_200.0;
    let default = PoolSettings::default();
    let sla = Sla { max_pickup_time_seconds, ..default.sla };
    let settings = PoolSettings { sla, max_workers: 100, ..default };
    let traffic = Pattern::Steady { rate_per_second: 10.0 };
    let recipe = Recipe::new(SECONDS, traffic, ServiceTime::Exponential { mean_seconds: 1.0 });
    let mut scenario = Scenario::of_one_pool("noise", SECONDS, settings.clone(), recipe.jobs(7));
    scenario.pools[0].pool = pool();
    let mut watched = Watched { engine: engine(settings), decisions: Vec::new() };
    run(&scenario, &Environment::default(), &mut watched);
    watched.decisions
}

/// Five minutes, in which the engine gets to know the stream.
const WARM_UP_TURNS: usize = 60;

/// Turns of which each sees the stream; two hours have 1,440.
const STEADY_TURNS: usize = 1_400;

/// Share of the turns whose `workers` are more than one from those `before`.
fn share_of_moves(decisions: &[ScalingDecision], moved: impl Fn(&ScalingDecision, &ScalingDecision) -> u32) -> f64 {
    let turns = decisions[WARM_UP_TURNS..].windows(2);
    let count = turns.len();
    turns.filter(|turns| moved(&turns[0], &turns[1]) > 1).count() as f64 / count as f64
}

#[test]
fn noise_at_a_steady_rate_moves_neither_load_nor_target_by_more_than_a_worker_but_seldom() {
    for max_pickup_time_seconds in [3.0, 10.0, 30.0, 120.0] {
        let mut decisions = decisions_of_a_steady_stream(max_pickup_time_seconds);
        // Behind the last arrival there is no stream any more.
        decisions.truncate(STEADY_TURNS);
        assert_eq!(decisions.len(), STEADY_TURNS);
        let load = |decision: &ScalingDecision| {
            (decision.arrival_rate_per_second * decision.service_time_seconds).ceil() as u32
        };
        let moved = share_of_moves(&decisions, |before, now| load(before).abs_diff(load(now)));
        assert!(moved <= 0.01, "the load moved in {moved} of the turns, SLA {max_pickup_time_seconds} s");
        // Who has left for want of a job was not moved by the decision.
        let moved = share_of_moves(&decisions, |_, now| now.current_workers.abs_diff(now.target_workers));
        // Where the promise is hardly longer than the time to react, the reserve and what waits both move it.
        let at_most = if max_pickup_time_seconds == 10.0 { 0.015 } else { 0.01 };
        assert!(moved <= at_most, "the target moved in {moved} of the turns, SLA {max_pickup_time_seconds} s");
    }
}
