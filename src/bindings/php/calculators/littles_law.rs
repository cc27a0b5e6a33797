//! `QueueAutoscale\Calculators\LittlesLawCalculator`.

use crate::bindings::numbers::at_least_zero;
use crate::bindings::php::entry::guarded;
use crate::calculators::LittlesLaw;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

/// Little's Law, L = λ·W: the mean number of things in a system is their arrival rate times the time that each stays.
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\LittlesLawCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct LittlesLawCalculator;

#[php_impl]
impl LittlesLawCalculator {
    pub fn __construct() -> Self {
        Self
    }

    /// Workers that are busy on average, the offered load: 10 jobs a second of 0.5 s each keep five workers busy.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    pub fn busy_workers(&self, arrivalRatePerSecond: f64, serviceTimeSeconds: f64) -> PhpResult<f64> {
        guarded(|| {
            let rate_per_second = at_least_zero("arrivalRatePerSecond", arrivalRatePerSecond)?;
            let serviceTimeSeconds = at_least_zero("serviceTimeSeconds", serviceTimeSeconds)?;
            Ok(LittlesLaw::busy_workers(rate_per_second, serviceTimeSeconds))
        })
    }

    /// Jobs that wait on average where each waits $waitSeconds.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    pub fn waiting_jobs(&self, arrivalRatePerSecond: f64, waitSeconds: f64) -> PhpResult<f64> {
        guarded(|| {
            let rate_per_second = at_least_zero("arrivalRatePerSecond", arrivalRatePerSecond)?;
            Ok(LittlesLaw::waiting_jobs(rate_per_second, at_least_zero("waitSeconds", waitSeconds)?))
        })
    }

    /// Mean service time in seconds by the utilisation law: busy worker-seconds ÷ jobs done in the same time. Null where
    /// nothing was done.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    pub fn service_time(&self, busyWorkerSeconds: f64, jobsDone: f64) -> PhpResult<Option<f64>> {
        guarded(|| {
            let busyWorkerSeconds = at_least_zero("busyWorkerSeconds", busyWorkerSeconds)?;
            Ok(LittlesLaw::service_time(busyWorkerSeconds, at_least_zero("jobsDone", jobsDone)?))
        })
    }
}
