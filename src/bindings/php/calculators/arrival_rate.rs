//! `QueueAutoscale\Calculators\ArrivalRateCalculator`.

use crate::bindings::numbers::{at_least_zero, finite};
use crate::bindings::php::entry::guarded;
use crate::bindings::php::exceptions::Failure;
use crate::calculators::{ArrivalRateEstimator, ArrivalSample};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

/// Estimates the arrival rate from the conservation of jobs: what came in is what was done plus what the backlog grew.
/// It remembers what it saw, so one calculator is for one queue.
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\ArrivalRateCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct ArrivalRateCalculator {
    estimator: ArrivalRateEstimator,
}

#[php_impl]
impl ArrivalRateCalculator {
    pub fn __construct() -> Self {
        Self { estimator: ArrivalRateEstimator::new() }
    }

    /// Takes in one sample.
    ///
    /// @param float $nowSeconds a monotonic clock's instant
    /// @param float $backlog jobs that are waiting or held by a worker
    /// @param float $throughputPerMinute jobs done in the last sixty seconds
    /// @param ?int $attemptsFinishedTotal attempts that the workers are known to have ended; never decreases
    /// @param int $tries attempts that a job gets at most, 0 where there is no end
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    #[php(optional = attemptsFinishedTotal)]
    #[php(defaults(attemptsFinishedTotal = None, tries = 0))]
    pub fn observe(
        &mut self,
        nowSeconds: f64,
        backlog: f64,
        throughputPerMinute: f64,
        attemptsFinishedTotal: Option<i64>,
        tries: i64,
    ) -> PhpResult<()> {
        guarded(|| {
            let refuse = |name: &str| Failure::Argument(format!("${name}: a whole number of at least 0 was expected"));
            let attempts_finished_total = attemptsFinishedTotal
                .map(|attempts| u64::try_from(attempts).map_err(|_| refuse("attemptsFinishedTotal")))
                .transpose()?;
            self.estimator.observe(ArrivalSample {
                now_seconds: finite("nowSeconds", nowSeconds)?,
                backlog: at_least_zero("backlog", backlog)?,
                throughput_per_minute: at_least_zero("throughputPerMinute", throughputPerMinute)?,
                attempts_finished_total,
                tries: u32::try_from(tries).map_err(|_| refuse("tries"))?,
            });
            Ok(())
        })
    }

    /// The estimate, in jobs per second; 0 before the first sample.
    pub fn rate_per_second(&self) -> f64 {
        self.estimator.rate_per_second()
    }

    /// How sure it is, from 0 to 1.
    pub fn confidence(&self) -> f64 {
        self.estimator.confidence()
    }

    /// How uneven the arrivals are: index of dispersion, 1 for a Poisson stream.
    pub fn dispersion(&self) -> f64 {
        self.estimator.dispersion()
    }
}
