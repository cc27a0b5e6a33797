//! What a number of the configuration may be.

use std::fmt;

/// One year: longer than any time that could be meant, short enough for sums of times to stay exact.
const MAX_SECONDS: f64 = 31_536_000.0;

/// More workers than one host can run; Linux has at most 4,194,304 processes (`PID_MAX_LIMIT`).
const MAX_WORKERS: f64 = 100_000.0;

/// The largest count that fits.
const MAX_COUNT: f64 = u32::MAX as f64;

/// An interval of numbers; its upper end belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    from: f64,
    from_included: bool,
    to: f64,
}

impl Range {
    /// A time that may not be 0.
    pub(super) const SECONDS_ABOVE_ZERO: Self = Self::above(0.0, MAX_SECONDS);
    /// A time.
    pub(super) const SECONDS: Self = Self::between(0.0, MAX_SECONDS);
    /// The SLA's percentile: below the median it promises nothing, and 100 % is met by no finite number of workers.
    pub(super) const PERCENTILE: Self = Self::between(50.0, 99.99);
    /// The share of the SLA's room that the mean wait may fill; at 100 % half of the jobs would be late.
    pub(super) const TARGET_WAIT_PERCENT: Self = Self::between(0.0, 90.0);
    /// The share of the host's CPU that may be used. More than 100 % adds workers to a full CPU: right for jobs that mostly
    /// wait for somebody else.
    pub(super) const CPU_LIMIT_PERCENT: Self = Self::above(0.0, 10_000.0);
    /// The share of the host's memory that may be used.
    pub(super) const MEMORY_LIMIT_PERCENT: Self = Self::above(0.0, 100.0);
    /// The share of the SLA that may pass before the backlog drain acts.
    pub(super) const BREACH_THRESHOLD: Self = Self::above(0.0, 1.0);
    /// A share among others.
    pub(super) const WEIGHT: Self = Self::between(0.001, 1000.0);
    /// `min_workers`.
    pub(super) const MIN_WORKERS: Self = Self::between(0.0, MAX_WORKERS);
    /// `max_workers`.
    pub(super) const MAX_WORKERS: Self = Self::between(1.0, MAX_WORKERS);
    /// What one worker uses of the CPU.
    pub(super) const CORES: Self = Self::between(0.001, 1024.0);
    /// What one worker uses of the memory.
    pub(super) const MEGABYTES: Self = Self::between(1.0, 1_048_576.0);
    /// A number of things of which there may be none.
    pub(super) const COUNT: Self = Self::between(0.0, MAX_COUNT);
    /// How long a silent manager keeps its place: caches count whole seconds, and one of them may be over at once.
    pub(super) const LEASE_SECONDS: Self = Self::between(2.0, 3600.0);
    /// Time between two turns: long enough for a reading of the metrics, short enough for the shortest promise.
    pub(super) const INTERVAL_SECONDS: Self = Self::between(0.1, 3600.0);

    const fn between(from: f64, to: f64) -> Self {
        Self { from, from_included: true, to }
    }

    const fn above(from: f64, to: f64) -> Self {
        Self { from_included: false, ..Self::between(from, to) }
    }

    pub(super) fn contains(&self, number: f64) -> bool {
        let above = if self.from_included { number >= self.from } else { number > self.from };
        above && number <= self.to
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from_included {
            write!(formatter, "from {} to {}", self.from, self.to)
        } else {
            write!(formatter, "above {}, at most {}", self.from, self.to)
        }
    }
}
