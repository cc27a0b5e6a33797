//! When jobs arrive.

use super::Random;

/// Instants of a Poisson process whose rate varies, over `seconds`, in order.
///
/// `rate_per_second` gives the rate at an instant and never exceeds `highest_per_second`. By thinning (P. A. W. Lewis and
/// G. S. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979, algorithm 1).
pub fn poisson(
    random: &mut Random,
    seconds: f64,
    highest_per_second: f64,
    rate_per_second: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let mut instants = Vec::new();
    if highest_per_second <= 0.0 {
        return instants;
    }
    let mean_gap_seconds = 1.0 / highest_per_second;
    let mut now_seconds = random.exponential(mean_gap_seconds);
    while now_seconds < seconds {
        if random.chance(rate_per_second(now_seconds) / highest_per_second) {
            instants.push(now_seconds);
        }
        now_seconds += random.exponential(mean_gap_seconds);
    }
    instants
}

/// `count` instants evenly distributed over `during_seconds` from `from_seconds` on, in order.
pub fn burst(random: &mut Random, from_seconds: f64, during_seconds: f64, count: usize) -> Vec<f64> {
    let mut instants: Vec<f64> = (0..count).map(|_| random.uniform().mul_add(during_seconds, from_seconds)).collect();
    instants.sort_by(f64::total_cmp);
    instants
}

/// One state of a Markov-modulated Poisson process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// Rate while it lasts, in jobs per second.
    pub rate_per_second: f64,
    /// How long it lasts on average, in seconds; the time is exponentially distributed.
    pub mean_seconds: f64,
}

/// Instants of a Markov-modulated Poisson process that goes round `phases`, over `seconds`, in order (W. Fischer and
/// K. Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", 1993).
pub fn markov_modulated(random: &mut Random, seconds: f64, phases: &[Phase]) -> Vec<f64> {
    let mut instants = Vec::new();
    let mut phase_begins_seconds = 0.0;
    for phase in phases.iter().cycle() {
        if phase_begins_seconds >= seconds {
            break;
        }
        let lasts_seconds = random.exponential(phase.mean_seconds).min(seconds - phase_begins_seconds);
        let within = poisson(random, lasts_seconds, phase.rate_per_second, |_| phase.rate_per_second);
        instants.extend(within.iter().map(|instant| phase_begins_seconds + instant));
        phase_begins_seconds += lasts_seconds.max(f64::MIN_POSITIVE);
    }
    instants
}
