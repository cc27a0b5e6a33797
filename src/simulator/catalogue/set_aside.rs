//! The scenarios to check with.

use super::entry::Entry;
use super::many_queues::many_queues;
use super::shapes::{HOUR_SECONDS, exponential, skewed, steady};
use crate::traffic::arrivals::Phase;
use crate::traffic::{Failures, Pattern, Recipe, ServiceTime, Shift};

/// The scenarios that nothing is tuned on, but that what was tuned is checked with: the same kinds with other parameters and
/// seeds, and a few of their own. Whoever tunes sees them often; what nobody looks at while tuning is held out.
pub fn set_aside() -> Vec<Entry> {
    let seeds = [101, 102];
    let hour = |pattern, service| Recipe::new(HOUR_SECONDS, pattern, service);
    let long = |pattern, service| Recipe::new(2.0 * HOUR_SECONDS, pattern, service);
    let spike = Pattern::Bursts {
        rate_per_second: 0.5,
        first_at_seconds: 903.0,
        every_seconds: 1_500.0,
        ends_at_seconds: f64::INFINITY,
        lasts_seconds: 2.0,
        jobs: 5_000,
    };
    let bursts = Pattern::Bursts {
        rate_per_second: 0.5,
        first_at_seconds: 77.0,
        every_seconds: 420.0,
        ends_at_seconds: f64::INFINITY,
        lasts_seconds: 20.0,
        jobs: 900,
    };
    let on_off = vec![
        Phase { rate_per_second: 8.0, mean_seconds: 60.0 },
        Phase { rate_per_second: 25.0, mean_seconds: 20.0 },
        Phase { rate_per_second: 0.5, mean_seconds: 90.0 },
    ];
    let mut quicker = long(steady(6.0), skewed(2.0));
    quicker.shift = Some(Shift { at_seconds: 2_700.0, factor: 0.25 });
    let mut failing = hour(steady(8.0), skewed(0.8));
    failing.failures = Some(Failures { share: 0.3, most_attempts: 3 });
    let entries = vec![
        Entry::one("steady", hour(steady(6.0), skewed(2.0))),
        Entry::one("ramp", hour(Pattern::Ramps { points: vec![(0.0, 50.0), (HOUR_SECONDS, 1.0)] }, skewed(0.4))),
        Entry::one(
            "step",
            long(Pattern::Steps { steps: vec![(700.0, 12.0), (900.0, 2.0), (500.0, 20.0)] }, skewed(1.2)),
        ),
        Entry::one("spike", hour(spike, skewed(0.3))).impossible(),
        Entry::one("periodic", long(bursts, skewed(0.4))),
        Entry::one(
            "diurnal",
            long(
                Pattern::Diurnal { low_per_second: 0.5, high_per_second: 12.0, day_seconds: 2.0 * HOUR_SECONDS },
                skewed(1.5),
            ),
        ),
        Entry::one("on-off", long(Pattern::OnOff { phases: on_off }, skewed(0.7))),
        Entry::one("heavy tails", hour(steady(4.0), ServiceTime::Pareto { mean_seconds: 3.0, shape: 1.6 })),
        Entry::one("long jobs", Recipe::new(6.0 * HOUR_SECONDS, steady(0.05), exponential(300.0))),
        Entry::one("sparse", long(steady(1.0 / 90.0), skewed(3.0))),
        Entry::one("short SLA", hour(steady(5.0), skewed(1.5))).sla_seconds(6.0),
        Entry::one("quicker jobs", quicker),
        Entry::one(
            "overload",
            hour(Pattern::Steps { steps: vec![(900.0, 6.0), (900.0, 20.0), (1_800.0, 4.0)] }, skewed(1.0)),
        )
        .max_workers(15)
        .impossible(),
        Entry::one("alternating", long(Pattern::Steps { steps: vec![(45.0, 4.0), (75.0, 15.0)] }, skewed(1.0))),
        many_queues("many queues", 0.6, skewed(0.8)),
        Entry::one("failing jobs", failing),
        Entry::one("priorities", hour(steady(15.0), skewed(0.6))).priorities("high,default,low", &[0.5, 0.3]),
    ];
    entries.into_iter().map(|entry| entry.seeds(&seeds)).collect()
}
