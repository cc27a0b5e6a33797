//! Shapes of traffic over time.

use super::Random;
use super::arrivals::{Phase, burst, markov_modulated, poisson};
use std::f64::consts::TAU;

/// How the arrival rate goes over time. Arrivals are random (Poisson) around it.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// The same rate throughout.
    Steady {
        /// Jobs per second.
        rate_per_second: f64,
    },
    /// From one rate to another, evenly.
    Ramp {
        /// At the beginning, in jobs per second.
        from_per_second: f64,
        /// At the end, in jobs per second.
        to_per_second: f64,
    },
    /// A rate for a time, then another; round and round.
    Steps {
        /// How long each lasts in seconds, and its rate in jobs per second.
        steps: Vec<(f64, f64)>,
    },
    /// Many jobs at once, again and again, over a steady rate.
    Bursts {
        /// The steady rate, in jobs per second.
        rate_per_second: f64,
        /// When the first burst begins, in seconds.
        first_at_seconds: f64,
        /// From the beginning of one burst to that of the next, in seconds.
        every_seconds: f64,
        /// How long a burst lasts, in seconds.
        lasts_seconds: f64,
        /// Jobs in each.
        jobs: usize,
    },
    /// A day: low, high in the middle, low again, as a sine.
    Diurnal {
        /// Lowest, in jobs per second.
        low_per_second: f64,
        /// Highest, in jobs per second.
        high_per_second: f64,
        /// Length of the day, in seconds.
        day_seconds: f64,
    },
    /// A Markov-modulated Poisson process.
    OnOff {
        /// Its states, one after the other.
        phases: Vec<Phase>,
    },
}

impl Pattern {
    /// Instants of arrival over `seconds`, in order.
    pub fn arrivals(&self, random: &mut Random, seconds: f64) -> Vec<f64> {
        match self {
            Self::Steady { rate_per_second } => poisson(random, seconds, *rate_per_second, |_| *rate_per_second),
            Self::Ramp { from_per_second, to_per_second } => {
                let highest = from_per_second.max(*to_per_second);
                poisson(random, seconds, highest, |now| {
                    from_per_second + (to_per_second - from_per_second) * now / seconds
                })
            }
            Self::Steps { steps } => {
                let highest = steps.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
                poisson(random, seconds, highest, |now| rate_in_steps(steps, now))
            }
            Self::Bursts { rate_per_second, first_at_seconds, every_seconds, lasts_seconds, jobs } => {
                let mut instants = poisson(random, seconds, *rate_per_second, |_| *rate_per_second);
                let mut begins_seconds = *first_at_seconds;
                while begins_seconds < seconds {
                    instants.extend(burst(random, begins_seconds, *lasts_seconds, *jobs));
                    begins_seconds += every_seconds;
                }
                instants.retain(|instant| *instant < seconds);
                instants.sort_by(f64::total_cmp);
                instants
            }
            Self::Diurnal { low_per_second, high_per_second, day_seconds } => {
                let half_range = (high_per_second - low_per_second) / 2.0;
                poisson(random, seconds, *high_per_second, |now| {
                    half_range.mul_add(1.0 - (TAU * now / day_seconds).cos(), *low_per_second)
                })
            }
            Self::OnOff { phases } => markov_modulated(random, seconds, phases),
        }
    }
}

/// The rate at `now` of steps that go round and round, in jobs per second.
fn rate_in_steps(steps: &[(f64, f64)], now_seconds: f64) -> f64 {
    let round_seconds: f64 = steps.iter().map(|(lasts_seconds, _)| lasts_seconds).sum();
    let mut rest_seconds = now_seconds % round_seconds;
    for (lasts_seconds, rate_per_second) in steps {
        if rest_seconds < *lasts_seconds {
            return *rate_per_second;
        }
        rest_seconds -= lasts_seconds;
    }
    0.0
}
