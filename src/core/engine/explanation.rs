//! A decision in one sentence.

use super::Constraint;
use super::decimal::{push_count, push_decimal};
use super::forecast::{Driver, StrategyInputs};

/// Room for the usual sentence, in bytes.
const USUAL_BYTES: usize = 256;

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

/// Makes sentences one after the other, with room for the longest so far. Formatting macros would take three times as long,
/// for every pool in every turn.
#[derive(Debug)]
pub struct Sentence(String);

impl Sentence {
    /// With room for the usual sentence.
    pub fn new() -> Self {
        Self(String::with_capacity(USUAL_BYTES))
    }

    /// Says how many workers, why, and what changed the number on its way.
    pub fn explain(
        &mut self,
        inputs: &StrategyInputs,
        target: u32,
        because: Because<'_>,
        constraints: &[Constraint],
    ) -> String {
        self.0.clear();
        self.count(target.into()).say(if target == 1 { " worker: " } else { " workers: " });
        match because {
            Because::Strategy(reason) => self.say(reason),
            Because::Driver(driver) => self.say_driver(inputs, driver),
            Because::Unreadable => self.say("the metrics could not be read, so the workers stay"),
        };
        for constraint in constraints {
            self.say("; ").say(&constraint.reason);
        }
        self.0.clone()
    }

    fn say(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn count(&mut self, number: u64) -> &mut Self {
        push_count(&mut self.0, number);
        self
    }

    fn decimal<const DECIMALS: usize>(&mut self, number: f64) -> &mut Self {
        push_decimal::<DECIMALS>(&mut self.0, number);
        self
    }

    fn say_driver(&mut self, inputs: &StrategyInputs, driver: Driver) -> &mut Self {
        let rate = inputs.arrival_rate_per_second;
        let service = inputs.service_time_seconds;
        let sla = inputs.settings.sla.max_pickup_time_seconds;
        let age = inputs.oldest_job_age_seconds.unwrap_or(0.0);
        match driver {
            Driver::SteadyState => {
                self.decimal::<2>(rate).say(" jobs/s of ").decimal::<2>(service).say(" s each keep ");
                self.decimal::<1>(rate * service).say(" busy, ").count(inputs.pending).say(" waiting")
            }
            Driver::Predictive => {
                self.decimal::<2>(inputs.forecast_rate_per_second).say(" jobs/s are forecast (now ");
                self.decimal::<2>(rate).say("), of ").decimal::<2>(service).say(" s each")
            }
            Driver::BacklogDrain => {
                self.waiting(inputs.pending, age, sla).say(", while ");
                self.decimal::<2>(rate).say(" jobs/s of ").decimal::<2>(service).say(" s each come in")
            }
            Driver::PickupTime => {
                self.decimal::<0>(inputs.settings.sla.percentile)
                    .say(" % of ")
                    .decimal::<2>(rate)
                    .say(" jobs/s within ");
                self.decimal::<1>(sla).say(" s, too short to react, need workers in reserve")
            }
            Driver::KeepWarm => {
                self.say("at ").decimal::<2>(rate).say(" jobs/s the last worker would be back too soon to leave")
            }
            Driver::Lull => {
                self.say("a lull of ").decimal::<2>(rate).say(" jobs/s, with ");
                self.decimal::<2>(inputs.usual_rate_per_second).say(" on average of ten minutes the last worker stays")
            }
            Driver::Collect => {
                self.waiting(inputs.pending, age, sla).say(", may wait for more to come before a worker is started")
            }
            Driver::WakeUp => {
                self.count(inputs.scheduled).say(" delayed jobs, and only a worker can tell which are due")
            }
            Driver::Idle => self.say("nothing waits, and no job is expected so soon that a worker should wait for it"),
        }
    }

    fn waiting(&mut self, pending: u64, age_seconds: f64, promised_seconds: f64) -> &mut Self {
        self.count(pending).say(" waiting, the oldest for ").decimal::<1>(age_seconds).say(" s of ");
        self.decimal::<1>(promised_seconds).say(" s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings};
    use std::sync::Arc;

    #[test]
    fn a_lull_is_told_with_what_is_usual() {
        let inputs = StrategyInputs::unseen(PoolId::new("redis", "emails"), Arc::new(PoolSettings::default()), 5.0);
        let inputs = StrategyInputs { arrival_rate_per_second: 0.5, usual_rate_per_second: 8.0, ..inputs };
        let sentence = Sentence::new().explain(&inputs, 1, Because::Driver(Driver::Lull), &[]);
        assert_eq!(
            sentence,
            "1 worker: a lull of 0.50 jobs/s, with 8.00 on average of ten minutes the last worker stays"
        );
    }
}
