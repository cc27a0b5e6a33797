//! The simulator's source of chance.

use rand_distr::{Distribution, StandardUniform};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

/// A stream of random numbers that depends on its seed alone, the same on every platform.
///
/// The generator is PCG (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
/// Random Number Generation", 2014).
#[derive(Clone, Debug)]
pub struct Random {
    generator: Pcg64Mcg,
}

impl Random {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { generator: Pcg64Mcg::seed_from_u64(seed) }
    }

    /// Evenly distributed in 0 .. 1.
    pub fn uniform(&mut self) -> f64 {
        StandardUniform.sample(&mut self.generator)
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Exponentially distributed with the given mean; 0 for a mean of 0.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        let unit: f64 = rand_distr::Exp1.sample(&mut self.generator);
        unit * mean
    }

    /// One value of any distribution.
    pub fn draw<T, D: Distribution<T>>(&mut self, distribution: &D) -> T {
        distribution.sample(&mut self.generator)
    }
}
