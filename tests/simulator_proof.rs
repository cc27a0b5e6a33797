//! The engine does not fall below what it once reached. `make prove` runs the whole of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale::simulator::catalogue::tuned;
use queue_autoscale::simulator::judgement::Summary;
use queue_autoscale::simulator::proof::{Condition, Contestant};

/// What the engine reached on one scenario with its first seed.
struct Reached {
    scenario: &'static str,
    /// Share of the jobs within the SLA, in percent.
    within_sla_percent: f64,
    /// Worker-seconds over the fewest possible.
    cost_ratio: f64,
    /// Reversals an hour.
    reversals_per_hour: f64,
}

/// Room for changes that are no worse on the whole: of the share within the SLA in points, of the cost and the reversals
/// as factors.
const ROOM_POINTS: f64 = 0.2;
const ROOM_COST: f64 = 1.02;
const ROOM_REVERSALS: f64 = 1.15;

const REACHED: [Reached; 2] = [
    Reached { scenario: "step", within_sla_percent: 100.0, cost_ratio: 1.013, reversals_per_hour: 46.0 },
    Reached { scenario: "spike", within_sla_percent: 81.19, cost_ratio: 1.124, reversals_per_hour: 5.0 },
];

fn check(reached: &Reached) -> Result<(), String> {
    let entry = tuned().into_iter().find(|entry| entry.name == reached.scenario).unwrap();
    let scenario = entry.scenarios().remove(0);
    let environment = Condition::usual().environment;
    let outcome = Contestant::ENGINE.run(&scenario, &environment).unwrap();
    let bound = Summary::bound_of(&scenario, environment.boot_seconds);
    let summary = Summary::of(&scenario, &outcome, bound);
    let (within_sla_percent, cost_ratio) = (100.0 * summary.within_sla, summary.cost_ratio());
    let figures = format!(
        "{}: {within_sla_percent:.2} % within the SLA, {cost_ratio:.3} of the fewest worker-seconds, {:.0} reversals an hour",
        reached.scenario, summary.reversals_per_hour
    );
    println!("{figures}");
    let holds = within_sla_percent >= reached.within_sla_percent - ROOM_POINTS
        && cost_ratio <= reached.cost_ratio * ROOM_COST
        && summary.reversals_per_hour <= reached.reversals_per_hour * ROOM_REVERSALS + 1.0;
    if holds { Ok(()) } else { Err(figures) }
}

#[test]
fn the_engine_keeps_what_it_reached() {
    let failures: Vec<String> = std::thread::scope(|scope| {
        let checks: Vec<_> = REACHED.iter().map(|reached| scope.spawn(|| check(reached))).collect();
        checks.into_iter().filter_map(|check| check.join().unwrap().err()).collect()
    });
    assert!(failures.is_empty(), "fell below: {failures:#?}");
}
