//! The scenarios to tune on.

use super::entry::Entry;
use super::many_queues::many_queues;
use super::shapes::{HOUR_SECONDS, exponential, skewed, steady};
use crate::traffic::arrivals::Phase;
use crate::traffic::{Pattern, Recipe, ServiceTime, Shift};

/// The scenarios that the engine's parameters may be tuned on.
pub fn tuned() -> Vec<Entry> {
    let seeds = [1, 2, 3];
    let hour = |pattern, service| Recipe::new(HOUR_SECONDS, pattern, service);
    let long = |pattern, service| Recipe::new(2.0 * HOUR_SECONDS, pattern, service);
    let spike = Pattern::Bursts {
        rate_per_second: 0.0,
        first_at_seconds: 600.0,
        every_seconds: 1_200.0,
        ends_at_seconds: f64::INFINITY,
        lasts_seconds: 0.5,
        jobs: 3_000,
    };
    let bursts = Pattern::Bursts {
        rate_per_second: 1.0,
        first_at_seconds: 140.0,
        every_seconds: 300.0,
        ends_at_seconds: f64::INFINITY,
        lasts_seconds: 10.0,
        jobs: 600,
    };
    let on_off =
        vec![Phase { rate_per_second: 2.0, mean_seconds: 120.0 }, Phase { rate_per_second: 30.0, mean_seconds: 60.0 }];
    let mut quadrupled = long(steady(10.0), exponential(0.5));
    quadrupled.shift = Some(Shift { at_seconds: HOUR_SECONDS, factor: 4.0 });
    let entries = vec![
        Entry::one("steady", hour(steady(20.0), exponential(0.5))),
        Entry::one(
            "ramp",
            long(Pattern::Ramps { points: vec![(0.0, 2.0), (2.0 * HOUR_SECONDS, 40.0)] }, exponential(0.5)),
        ),
        Entry::one("step", hour(Pattern::Steps { steps: vec![(1_200.0, 5.0), (1_200.0, 40.0)] }, exponential(0.5))),
        Entry::one("spike", hour(spike, exponential(0.5))).impossible(),
        Entry::one("periodic", long(bursts, exponential(0.5))),
        Entry::one(
            "diurnal",
            long(
                Pattern::Diurnal { low_per_second: 2.0, high_per_second: 30.0, day_seconds: HOUR_SECONDS },
                exponential(0.5),
            ),
        ),
        Entry::one("on-off", long(Pattern::OnOff { phases: on_off }, exponential(0.5))),
        Entry::one("heavy tails", hour(steady(10.0), ServiceTime::Pareto { mean_seconds: 1.0, shape: 1.8 })),
        Entry::one("long jobs", Recipe::new(4.0 * HOUR_SECONDS, steady(0.1), skewed(120.0))),
        Entry::one("sparse", long(steady(1.0 / 60.0), exponential(1.0))),
        Entry::one("short SLA", hour(steady(10.0), exponential(0.5))).sla_seconds(5.0),
        Entry::one("slower jobs", quadrupled),
        Entry::one(
            "overload",
            hour(Pattern::Steps { steps: vec![(1_200.0, 10.0), (600.0, 50.0), (1_800.0, 10.0)] }, exponential(0.5)),
        )
        .max_workers(20)
        .impossible(),
        Entry::one("alternating", long(Pattern::Steps { steps: vec![(60.0, 20.0), (60.0, 5.0)] }, exponential(0.5))),
        many_queues("many queues", 1.0, exponential(0.5)),
    ];
    entries.into_iter().map(|entry| entry.seeds(&seeds)).collect()
}
