//! `QueueAutoscale\Calculators\PickupTimeCalculator`.

use crate::bindings::numbers::{
    above_zero, at_least_zero, percentile as checked_percentile, workers as checked_workers,
};
use crate::bindings::php::entry::guarded;
use crate::bindings::php::exceptions::Failure;
use crate::calculators::{PickupTime, Workload};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

/// Waiting times of M/M/c (Erlang C), corrected for general arrivals and services (Allen-Cunneen).
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\PickupTimeCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct PickupTimeCalculator {
    arrival_squared_variation: f64,
    service_squared_variation: f64,
}

#[php_impl]
impl PickupTimeCalculator {
    /// @param float $arrivalSquaredVariation squared coefficient of variation of the times between arrivals; 1 for a
    ///        Poisson stream
    /// @param float $serviceSquaredVariation that of the service times; 1 for exponential ones, 0 for constant ones
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    #[php(defaults(arrivalSquaredVariation = 1.0, serviceSquaredVariation = 1.0))]
    pub fn __construct(arrivalSquaredVariation: f64, serviceSquaredVariation: f64) -> PhpResult<Self> {
        guarded(|| {
            Ok(Self {
                arrival_squared_variation: at_least_zero("arrivalSquaredVariation", arrivalSquaredVariation)?,
                service_squared_variation: at_least_zero("serviceSquaredVariation", serviceSquaredVariation)?,
            })
        })
    }

    /// Share of the jobs, from 0 to 1, that wait longer than $seconds; 1 where the workers cannot keep up.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a number out of range
    pub fn probability_beyond(
        &self,
        seconds: f64,
        workers: i64,
        arrivalRatePerSecond: f64,
        serviceTimeSeconds: f64,
    ) -> PhpResult<f64> {
        guarded(|| {
            let workload = self.workload(arrivalRatePerSecond, serviceTimeSeconds)?;
            let workers = checked_workers("workers", workers)?;
            Ok(PickupTime::probability_beyond(at_least_zero("seconds", seconds)?, workers, &workload))
        })
    }

    /// The wait that $percentile % of the jobs stay within, in seconds; null where the workers cannot keep up.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a number out of range
    pub fn percentile_seconds(
        &self,
        percentile: f64,
        workers: i64,
        arrivalRatePerSecond: f64,
        serviceTimeSeconds: f64,
    ) -> PhpResult<Option<f64>> {
        guarded(|| {
            let workload = self.workload(arrivalRatePerSecond, serviceTimeSeconds)?;
            let workers = checked_workers("workers", workers)?;
            Ok(PickupTime::percentile_seconds(checked_percentile("percentile", percentile)?, workers, &workload))
        })
    }

    /// Smallest number of workers with which $percentile % of the jobs wait at most $seconds; $atMost if even those do not
    /// suffice.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a number out of range
    #[php(defaults(atMost = 1000))]
    pub fn workers_for(
        &self,
        arrivalRatePerSecond: f64,
        serviceTimeSeconds: f64,
        percentile: f64,
        seconds: f64,
        atMost: i64,
    ) -> PhpResult<i64> {
        guarded(|| {
            let workload = self.workload(arrivalRatePerSecond, serviceTimeSeconds)?;
            let percentile = checked_percentile("percentile", percentile)?;
            let seconds = at_least_zero("seconds", seconds)?;
            Ok(PickupTime::workers_for(&workload, percentile, seconds, checked_workers("atMost", atMost)?).into())
        })
    }
}

impl PickupTimeCalculator {
    fn workload(&self, arrival_rate_per_second: f64, service_time_seconds: f64) -> Result<Workload, Failure> {
        Ok(Workload {
            arrival_rate_per_second: at_least_zero("arrivalRatePerSecond", arrival_rate_per_second)?,
            service_time_seconds: above_zero("serviceTimeSeconds", service_time_seconds)?,
            arrival_squared_variation: self.arrival_squared_variation,
            service_squared_variation: self.service_squared_variation,
        })
    }
}
