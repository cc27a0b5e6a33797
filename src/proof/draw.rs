//! Parameters that nobody has picked.

use crate::simulator::traffic::{Random, ServiceTime};

/// One scenario's parameters, drawn one after the other from the ranges that it names.
pub(crate) struct Draw(Random);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// Log-uniform in the range: one half of it is as likely as twice of it.
    pub(crate) fn between(&mut self, lowest: f64, highest: f64) -> f64 {
        lowest * (highest / lowest).powf(self.0.uniform())
    }

    /// The same, to the nearest whole number.
    pub(crate) fn whole(&mut self, lowest: f64, highest: f64) -> u32 {
        self.between(lowest, highest).round() as u32
    }

    /// One of the two, each as likely.
    pub(crate) fn either<T>(&mut self, one: T, other: T) -> T {
        if self.0.chance(0.5) { one } else { other }
    }

    /// Durations with a mean in the range, as skewed as half to twice an exponential distribution.
    pub(crate) fn service(&mut self, lowest_mean_seconds: f64, highest_mean_seconds: f64) -> ServiceTime {
        let mean_seconds = self.between(lowest_mean_seconds, highest_mean_seconds);
        ServiceTime::LogNormal { mean_seconds, variation: self.between(0.5, 2.0) }
    }

    /// A rate in jobs per second that keeps so many workers busy.
    pub(crate) fn rate(&mut self, service: &ServiceTime, fewest_workers: f64, most_workers: f64) -> f64 {
        self.between(fewest_workers, most_workers) / service.mean_seconds()
    }
}
