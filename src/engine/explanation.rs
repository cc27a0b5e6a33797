//! A decision in one sentence.

use super::Constraint;
use super::decimal::Decimal;
use super::forecast::{Driver, StrategyInputs};
use std::fmt::Write;

/// Says how many workers, why, and what changed the number on its way.
pub fn explain(inputs: &StrategyInputs, target: u32, because: Because<'_>, constraints: &[Constraint]) -> String {
    let mut text = String::with_capacity(160);
    let plural = if target == 1 { "" } else { "s" };
    // Writing into a String never fails.
    let _ = write!(text, "{target} worker{plural}: ");
    let _ = match because {
        Because::Strategy(reason) => write!(text, "{reason}"),
        Because::Driver(driver) => say_driver(&mut text, inputs, driver),
        Because::Unreadable => write!(text, "the metrics could not be read, so the workers stay"),
    };
    for constraint in constraints {
        let _ = write!(text, "; {}", constraint.reason);
    }
    text
}

/// What stands behind a recommendation.
#[derive(Clone, Copy, Debug)]
pub enum Because<'a> {
    /// The words of somebody else's strategy.
    Strategy(&'a str),
    /// A component of the built-in one.
    Driver(Driver),
    /// Nothing: no metrics.
    Unreadable,
}

fn say_driver(text: &mut String, inputs: &StrategyInputs, driver: Driver) -> std::fmt::Result {
    let rate = Decimal::<2>(inputs.arrival_rate_per_second);
    let service = Decimal::<2>(inputs.service_time_seconds);
    let sla = Decimal::<1>(inputs.settings.sla.max_pickup_time_seconds);
    let age = Decimal::<1>(inputs.oldest_job_age_seconds.unwrap_or(0.0));
    match driver {
        Driver::SteadyState => write!(
            text,
            "{rate} jobs/s of {service} s each keep {} busy, {} waiting",
            Decimal::<1>(inputs.arrival_rate_per_second * inputs.service_time_seconds),
            inputs.pending
        ),
        Driver::Predictive => write!(
            text,
            "{} jobs/s are forecast (now {rate}), of {service} s each",
            Decimal::<2>(inputs.forecast_rate_per_second)
        ),
        Driver::BacklogDrain => write!(
            text,
            "{} waiting, the oldest for {age} s of {sla} s, while {rate} jobs/s of {service} s each come in",
            inputs.pending
        ),
        Driver::PickupTime => write!(
            text,
            "{} % of {rate} jobs/s within {sla} s, too short to react, need workers in reserve",
            Decimal::<0>(inputs.settings.sla.percentile)
        ),
        Driver::KeepWarm => write!(text, "at {rate} jobs/s the last worker would be back too soon to leave"),
        Driver::Collect => write!(
            text,
            "{} waiting, the oldest for {age} s of {sla} s, may wait for more to come before a worker is started",
            inputs.pending
        ),
        Driver::WakeUp => write!(text, "{} delayed jobs, and only a worker can tell which are due", inputs.scheduled),
        Driver::Idle => write!(text, "nothing waits, and no job is expected before a worker could be started"),
    }
}
