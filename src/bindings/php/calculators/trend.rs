//! `QueueAutoscale\Calculators\TrendCalculator`.

use crate::bindings::numbers::{above_zero, at_least_zero};
use crate::bindings::php::configuration::ArrayResult;
use crate::bindings::php::entry::guarded;
use crate::calculators::{ArrivalHistory, TrendPredictor};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use serde::Serialize;

/// Reads a trend from arrivals by least squares and forecasts along it, damped; only where the trend is significant. It
/// remembers an hour, so one calculator is for one queue.
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\TrendCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct TrendCalculator {
    history: ArrivalHistory,
}

/// A forecast as PHP gets it.
#[derive(Serialize)]
struct Forecast {
    rate_per_second: f64,
    lower_per_second: f64,
    upper_per_second: f64,
}

#[php_impl]
impl TrendCalculator {
    pub fn __construct() -> Self {
        Self { history: ArrivalHistory::default() }
    }

    /// Takes in $arrivals over the last $elapsedSeconds.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number, or no time
    pub fn record(&mut self, arrivals: f64, elapsedSeconds: f64) -> PhpResult<()> {
        guarded(|| {
            self.history.record(at_least_zero("arrivals", arrivals)?, above_zero("elapsedSeconds", elapsedSeconds)?);
            Ok(())
        })
    }

    /// Change of the rate over the last $windowSeconds, in jobs per second, a second; 0 where none is significant.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for no time
    pub fn slope_per_second_squared(&self, windowSeconds: f64) -> PhpResult<f64> {
        guarded(|| {
            let windowSeconds = above_zero("windowSeconds", windowSeconds)?;
            Ok(TrendPredictor::read(&self.history, windowSeconds).slope_per_second_squared)
        })
    }

    /// The rate in $horizonSeconds, given the rate now, and the range that it lies in with 95 % probability.
    ///
    /// @return array{rate_per_second: float, lower_per_second: float, upper_per_second: float}
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number, or no time
    pub fn forecast(&self, ratePerSecond: f64, horizonSeconds: f64, windowSeconds: f64) -> PhpResult<ArrayResult> {
        guarded(|| {
            let trend = TrendPredictor::read(&self.history, above_zero("windowSeconds", windowSeconds)?);
            let ratePerSecond = at_least_zero("ratePerSecond", ratePerSecond)?;
            let horizonSeconds = at_least_zero("horizonSeconds", horizonSeconds)?;
            let forecast = TrendPredictor::forecast(&trend, ratePerSecond, horizonSeconds);
            ArrayResult::of(&Forecast {
                rate_per_second: forecast.rate_per_second,
                lower_per_second: forecast.lower_per_second,
                upper_per_second: forecast.upper_per_second,
            })
        })
    }
}
