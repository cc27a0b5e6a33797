//! The engine does not fall below what it once reached. `make prove` runs the whole of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale_proof::{Condition, held_out};
use queue_autoscale_simulator::catalogue::{Entry, tuned};
use queue_autoscale_simulator::judgement::{Bounds, LATE_SHARE_ALLOWED, Summary};
use queue_autoscale_simulator::peers::Contestant;

/// What the engine reached on one scenario with its first seed.
struct Reached {
    scenario: &'static str,
    /// Share of the jobs within the SLA, in percent.
    within_sla_percent: f64,
    /// Worker-seconds over the fewest possible.
    cost_ratio: f64,
    /// Reversals an hour.
    reversals_per_hour: f64,
    /// Changes of the target an hour.
    actions_per_hour: f64,
}

/// Room for changes that are no worse on the whole: of the share within the SLA in points, of the cost, the
/// reversals and the actions as factors.
const ROOM_POINTS: f64 = 0.2;
const ROOM_COST: f64 = 1.02;
const ROOM_CHANGES: f64 = 1.15;

const REACHED: [Reached; 14] = [
    Reached {
        scenario: "steady",
        within_sla_percent: 100.00,
        cost_ratio: 1.003,
        reversals_per_hour: 20.0,
        actions_per_hour: 37.0,
    },
    Reached {
        scenario: "ramp",
        within_sla_percent: 100.00,
        cost_ratio: 1.002,
        reversals_per_hour: 15.0,
        actions_per_hour: 30.0,
    },
    Reached {
        scenario: "step",
        within_sla_percent: 100.00,
        cost_ratio: 1.002,
        reversals_per_hour: 23.0,
        actions_per_hour: 29.0,
    },
    Reached {
        scenario: "spike",
        within_sla_percent: 81.42,
        cost_ratio: 1.009,
        reversals_per_hour: 5.0,
        actions_per_hour: 6.0,
    },
    Reached {
        scenario: "periodic",
        within_sla_percent: 100.00,
        cost_ratio: 1.031,
        reversals_per_hour: 137.0,
        actions_per_hour: 163.0,
    },
    Reached {
        scenario: "diurnal",
        within_sla_percent: 100.00,
        cost_ratio: 1.029,
        reversals_per_hour: 8.0,
        actions_per_hour: 37.0,
    },
    Reached {
        scenario: "on-off",
        within_sla_percent: 100.00,
        cost_ratio: 1.031,
        reversals_per_hour: 34.0,
        actions_per_hour: 94.0,
    },
    Reached {
        scenario: "heavy tails",
        within_sla_percent: 100.00,
        cost_ratio: 1.006,
        reversals_per_hour: 19.0,
        actions_per_hour: 39.0,
    },
    Reached {
        scenario: "long jobs",
        within_sla_percent: 100.00,
        cost_ratio: 1.009,
        reversals_per_hour: 85.0,
        actions_per_hour: 237.0,
    },
    Reached {
        scenario: "sparse",
        within_sla_percent: 100.00,
        cost_ratio: 1.162,
        reversals_per_hour: 92.0,
        actions_per_hour: 92.0,
    },
    Reached {
        scenario: "short SLA",
        within_sla_percent: 99.96,
        cost_ratio: 1.161,
        reversals_per_hour: 21.0,
        actions_per_hour: 28.0,
    },
    Reached {
        scenario: "slower jobs",
        within_sla_percent: 100.00,
        cost_ratio: 1.005,
        reversals_per_hour: 23.0,
        actions_per_hour: 49.0,
    },
    Reached {
        scenario: "overload",
        within_sla_percent: 55.45,
        cost_ratio: 1.002,
        reversals_per_hour: 20.0,
        actions_per_hour: 32.0,
    },
    Reached {
        scenario: "alternating",
        within_sla_percent: 100.00,
        cost_ratio: 1.021,
        reversals_per_hour: 59.0,
        actions_per_hour: 111.0,
    },
];

fn check(reached: &Reached) -> Result<(), String> {
    let entry = tuned().into_iter().find(|entry| entry.name == reached.scenario).unwrap();
    let scenario = entry.scenarios().remove(0);
    let environment = Condition::usual().environment;
    let outcome = Contestant::ENGINE.run(&scenario, &environment).unwrap();
    let bounds = Bounds::of(&scenario, &environment);
    let summary = Summary::of(&scenario, &outcome, &bounds);
    let (within_sla_percent, cost_ratio) = (100.0 * summary.within_sla, summary.cost_ratio());
    let figures = format!(
        "{}: {within_sla_percent:.2} % within the SLA, {cost_ratio:.3} of the fewest worker-seconds, {:.0} reversals and {:.0} actions an hour",
        reached.scenario, summary.reversals_per_hour, summary.actions_per_hour
    );
    println!("{figures}");
    let holds = within_sla_percent >= reached.within_sla_percent - ROOM_POINTS
        && cost_ratio <= reached.cost_ratio * ROOM_COST
        && summary.reversals_per_hour <= reached.reversals_per_hour * ROOM_CHANGES + 1.0
        && summary.actions_per_hour <= reached.actions_per_hour * ROOM_CHANGES + 1.0;
    if holds { Ok(()) } else { Err(figures) }
}

#[test]
fn the_engine_keeps_what_it_reached() {
    let failures: Vec<String> = std::thread::scope(|scope| {
        let checks: Vec<_> = REACHED.iter().map(|reached| scope.spawn(move || check(reached))).collect();
        checks.into_iter().filter_map(|check| check.join().unwrap().err()).collect()
    });
    assert!(failures.is_empty(), "fell below: {failures:#?}");
}

#[test]
fn the_promise_is_kept_wherever_it_can_be_on_what_nobody_tunes_on() {
    let entries: Vec<Entry> = held_out().into_iter().filter(|entry| entry.possible).collect();
    let share = |entry: &Entry| {
        let scenario = entry.scenarios().remove(0);
        let outcome = Contestant::ENGINE.run(&scenario, &Condition::usual().environment).unwrap();
        let in_time: usize = outcome.pools.iter().map(|pool| pool.jobs_within_sla()).sum();
        in_time as f64 / scenario.job_count() as f64
    };
    std::thread::scope(|scope| {
        let shares: Vec<_> = entries.iter().map(|entry| (entry.name, scope.spawn(|| share(entry)))).collect();
        for (name, share) in shares {
            let share = share.join().unwrap();
            assert!(share >= 1.0 - LATE_SHARE_ALLOWED, "{name}: {share}");
        }
    });
}
