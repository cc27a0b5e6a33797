//! How long jobs take.

use super::Random;
use rand_distr::{LogNormal, Pareto};

/// A distribution of service times with a given mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ServiceTime {
    /// Every job takes the same time.
    Constant {
        /// That time, in seconds.
        seconds: f64,
    },
    /// Memoryless: many short jobs, few long ones.
    Exponential {
        /// Mean, in seconds.
        mean_seconds: f64,
    },
    /// Skewed, as measured durations of web requests and jobs mostly are.
    LogNormal {
        /// Mean, in seconds.
        mean_seconds: f64,
        /// Standard deviation ÷ mean.
        variation: f64,
    },
    /// Two kinds of jobs, each exponential: short ones, and a share that takes a multiple of them.
    Hyperexponential {
        /// Mean of all, in seconds.
        mean_seconds: f64,
        /// Share of the long ones, 0 ..= 1.
        long_share: f64,
        /// Mean of the long ones ÷ mean of the short ones.
        long_factor: f64,
    },
    /// Heavy-tailed: now and then a job that takes very long.
    Pareto {
        /// Mean, in seconds.
        mean_seconds: f64,
        /// Tail index (> 1); the variance is infinite up to 2.
        shape: f64,
    },
}

impl ServiceTime {
    /// Mean, in seconds.
    pub fn mean_seconds(&self) -> f64 {
        match *self {
            Self::Constant { seconds } => seconds,
            Self::Exponential { mean_seconds }
            | Self::LogNormal { mean_seconds, .. }
            | Self::Hyperexponential { mean_seconds, .. }
            | Self::Pareto { mean_seconds, .. } => mean_seconds,
        }
    }

    /// The same distribution, stretched.
    pub fn times(&self, factor: f64) -> Self {
        match *self {
            Self::Constant { seconds } => Self::Constant { seconds: seconds * factor },
            Self::Exponential { mean_seconds } => Self::Exponential { mean_seconds: mean_seconds * factor },
            Self::LogNormal { mean_seconds, variation } => {
                Self::LogNormal { mean_seconds: mean_seconds * factor, variation }
            }
            Self::Hyperexponential { mean_seconds, long_share, long_factor } => {
                Self::Hyperexponential { mean_seconds: mean_seconds * factor, long_share, long_factor }
            }
            Self::Pareto { mean_seconds, shape } => Self::Pareto { mean_seconds: mean_seconds * factor, shape },
        }
    }

    /// One job's time, in seconds. A distribution whose parameters make no sense gives its mean.
    pub fn draw(&self, random: &mut Random) -> f64 {
        let mean_seconds = self.mean_seconds();
        match *self {
            Self::Constant { seconds } => seconds,
            Self::Exponential { mean_seconds } => random.exponential(mean_seconds),
            Self::LogNormal { variation, .. } => {
                if mean_seconds <= 0.0 {
                    return 0.0;
                }
                // Moments of the log-normal: sigma² = ln(1 + variation²), mu = ln(mean) - sigma² / 2.
                let variance = variation.mul_add(variation, 1.0).ln();
                LogNormal::new(mean_seconds.ln() - variance / 2.0, variance.sqrt())
                    .map_or(mean_seconds, |distribution| random.draw(&distribution))
            }
            Self::Hyperexponential { long_share, long_factor, .. } => {
                let short_seconds = mean_seconds / long_share.mul_add(long_factor - 1.0, 1.0);
                let factor = if random.chance(long_share) { long_factor } else { 1.0 };
                random.exponential(short_seconds * factor)
            }
            // Mean of a Pareto: scale × shape ÷ (shape - 1).
            Self::Pareto { shape, .. } => Pareto::new(mean_seconds * (shape - 1.0) / shape, shape)
                .map_or(mean_seconds, |distribution| random.draw(&distribution)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_jobs_among_short_ones_leave_the_mean_of_all_as_it_is() {
        const JOBS: u32 = 100_000;
        let service = ServiceTime::Hyperexponential { mean_seconds: 1.95, long_share: 0.05, long_factor: 20.0 };
        let mut random = Random::new(1);
        let durations: Vec<f64> = (0..JOBS).map(|_| service.draw(&mut random)).collect();
        let mean = durations.iter().sum::<f64>() / f64::from(JOBS);
        assert!((mean - 1.95).abs() < 0.1, "{mean}");
        // Of short jobs of a second on average and long ones of twenty, hardly any but long ones take more than ten.
        let beyond = durations.iter().filter(|seconds| **seconds > 10.0).count() as f64 / f64::from(JOBS);
        assert!((beyond - 0.05 * (-0.5_f64).exp()).abs() < 0.003, "{beyond}");
    }
}
