//! A decision in one sentence.

use super::Constraint;
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
    let rate = inputs.arrival_rate_per_second;
    let service = inputs.service_time_seconds;
    let sla = inputs.settings.sla.max_pickup_time_seconds;
    match driver {
        Driver::SteadyState => write!(
            text,
            "{rate:.2} jobs/s of {service:.2} s each keep {:.1} busy, {} waiting",
            rate * service,
            inputs.pending
        ),
        Driver::Predictive => write!(
            text,
            "{:.2} jobs/s are forecast (now {rate:.2}), of {service:.2} s each",
            inputs.forecast_rate_per_second
        ),
        Driver::BacklogDrain => write!(
            text,
            "{} waiting, the oldest for {:.1} s of {sla:.1} s, while {rate:.2} jobs/s of {service:.2} s each come in",
            inputs.pending,
            inputs.oldest_job_age_seconds.unwrap_or(0.0)
        ),
        Driver::PickupTime => write!(
            text,
            "{:.0} % of {rate:.2} jobs/s within {sla:.1} s, too short to react, need workers in reserve",
            inputs.settings.sla.percentile
        ),
        Driver::KeepWarm => write!(text, "the next job comes before a new worker could ({rate:.2} jobs/s)"),
        Driver::Collect => write!(
            text,
            "{} waiting, the oldest for {:.1} s of {sla:.1} s, may wait for more to come before a worker is started",
            inputs.pending,
            inputs.oldest_job_age_seconds.unwrap_or(0.0)
        ),
        Driver::WakeUp => write!(text, "{} delayed jobs, and only a worker can tell which are due", inputs.scheduled),
        Driver::Idle => write!(text, "nothing waits, and no job is expected before a worker could be started"),
    }
}
