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
    /// From one rate to the next, evenly.
    Ramps {
        /// Instants in seconds, in order, and their rates in jobs per second. Before the first and after the last it is theirs.
        points: Vec<(f64, f64)>,
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
        /// From when on there are no more, in seconds; infinite where they go on for ever.
        ends_at_seconds: f64,
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
            Self::Ramps { points } => poisson(random, seconds, highest(points), |now| rate_on_ramps(points, now)),
            Self::Steps { steps } => poisson(random, seconds, highest(steps), |now| rate_in_steps(steps, now)),
            Self::Bursts { rate_per_second, first_at_seconds, every_seconds, ends_at_seconds, lasts_seconds, jobs } => {
                let mut instants = poisson(random, seconds, *rate_per_second, |_| *rate_per_second);
                let mut begins_seconds = *first_at_seconds;
                while begins_seconds < ends_at_seconds.min(seconds) {
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

fn highest(rates: &[(f64, f64)]) -> f64 {
    rates.iter().map(|(_, rate_per_second)| *rate_per_second).fold(0.0, f64::max)
}

/// The rate at `now` between the two points on either side, in jobs per second.
fn rate_on_ramps(points: &[(f64, f64)], now_seconds: f64) -> f64 {
    let after = points.partition_point(|(at_seconds, _)| *at_seconds <= now_seconds);
    match (points.get(after.wrapping_sub(1)), points.get(after)) {
        (Some((from_seconds, from)), Some((to_seconds, to))) => {
            from + (to - from) * (now_seconds - from_seconds) / (to_seconds - from_seconds)
        }
        (Some((_, rate_per_second)), None) | (None, Some((_, rate_per_second))) => *rate_per_second,
        (None, None) => 0.0,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_goes_evenly_from_point_to_point_and_stays_before_and_after() {
        let points = [(10.0, 2.0), (20.0, 6.0), (40.0, 0.0)];
        let rates = [0.0, 10.0, 15.0, 20.0, 30.0, 40.0, 99.0].map(|now_seconds| rate_on_ramps(&points, now_seconds));
        assert_eq!(rates, [2.0, 2.0, 4.0, 6.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn bursts_come_again_until_they_end() {
        let bursts = |ends_at_seconds| Pattern::Bursts {
            rate_per_second: 0.0,
            first_at_seconds: 60.0,
            every_seconds: 60.0,
            ends_at_seconds,
            lasts_seconds: 1.0,
            jobs: 3,
        };
        let jobs = |pattern: Pattern| pattern.arrivals(&mut Random::new(1), 600.0).len();
        assert_eq!(jobs(bursts(180.0)), 2 * 3);
        assert_eq!(jobs(bursts(f64::INFINITY)), 9 * 3);
    }
}
