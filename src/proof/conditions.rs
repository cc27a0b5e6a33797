//! The circumstances that all scenarios are run in.

use crate::simulator::{Environment, ReportedDurations};

/// A named environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What distinguishes it.
    pub name: String,
    /// It.
    pub environment: Environment,
}

impl Condition {
    /// Turns of 5 s, boots of 1.5 s, no durations reported: the defaults on stock Laravel.
    pub fn usual() -> Self {
        let Environment { turn_seconds, boot_seconds, .. } = Environment::default();
        Self::of(turn_seconds, boot_seconds)
    }

    /// The usual one with turns and boots of another length.
    pub fn of(turn_seconds: f64, boot_seconds: f64) -> Self {
        let environment = Environment { turn_seconds, boot_seconds, ..Environment::default() };
        Self::named(&format!("turn {turn_seconds} s, boot {boot_seconds} s"), environment)
    }

    /// Turns of 1, 2 and 5 s with boots of 0.5, 1.5 and 5 s.
    pub fn turns_and_boots() -> Vec<Self> {
        let turns = [1.0, 2.0, 5.0];
        let boots = [0.5, 1.5, 5.0];
        turns.iter().flat_map(|turn| boots.map(|boot| Self::of(*turn, boot))).collect()
    }

    /// Other ways of seeing: durations reported, truly or with Horizon's wait; workers that sleep between looks or do not
    /// tell their state; metrics that are missing or repeated.
    pub fn sights() -> Vec<Self> {
        let usual = Environment::default();
        vec![
            Self::named("real durations", Environment { reported_durations: ReportedDurations::Real, ..usual.clone() }),
            Self::named(
                "durations with the wait",
                Environment { reported_durations: ReportedDurations::WaitIncluded, ..usual.clone() },
            ),
            Self::named("silent workers", Environment { status_listener: false, ..usual.clone() }),
            Self::named("workers sleep 1 s", Environment { poll_seconds: 1.0, ..usual.clone() }),
            Self::named("5 % of the turns unreadable", Environment { unreadable_share: 0.05, ..usual.clone() }),
            Self::named("5 % of the turns repeated", Environment { repeated_share: 0.05, ..usual }),
        ]
    }

    fn named(name: &str, environment: Environment) -> Self {
        Self { name: name.to_owned(), environment }
    }
}
