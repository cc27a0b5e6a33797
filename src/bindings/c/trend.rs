//! The trend's functions.

use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::status::Status;
use super::text::{Text, json_of};
use crate::bindings::numbers::{above_zero, at_least_zero};
use crate::calculators::{ArrivalHistory, TrendPredictor};

/// Reads a trend from one queue's arrivals of the last hour and forecasts along it, damped.
#[derive(Debug)]
pub struct Trend(());

impl Opaque for Trend {
    type Value = ArrivalHistory;
    const TAG: u64 = u64::from_be_bytes(*b"qaTrend_");
    const NAME: &'static str = "trend";
}

/// A trend of nothing yet.
///
/// # Safety
/// `trend` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_trend_new(trend: *mut *mut Trend, error: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(trend, || Ok(ArrivalHistory::default()))) }
}

/// Ends a trend; NULL is fine.
///
/// # Safety
/// `trend` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_trend_free(trend: *mut Trend) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(trend)) }
}

/// Takes in `arrivals` over the last `elapsed_seconds`.
///
/// # Safety
/// `trend` is a handle; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_trend_record(
    trend: *mut Trend,
    arrivals: f64,
    elapsed_seconds: f64,
    error: *mut Text,
) -> Status {
    let record = || {
        // SAFETY: by this function's own condition.
        let history = unsafe { handle::value(trend) }?;
        history.record(at_least_zero("arrivals", arrivals)?, above_zero("elapsed_seconds", elapsed_seconds)?);
        Ok(())
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, record) }
}

/// The trend over the last `window_seconds`, and the rate in `horizon_seconds` given the rate now:
/// `{"slope_per_second_squared": 0 where none is significant, "rate_per_second": …, "lower_per_second": …,
/// "upper_per_second": …}`, the last two being the range that it lies in with 95 % probability.
///
/// # Safety
/// `trend` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_trend_forecast(
    trend: *mut Trend,
    rate_per_second: f64,
    horizon_seconds: f64,
    window_seconds: f64,
    output: *mut Text,
) -> Status {
    let forecast = || {
        // SAFETY: by this function's own condition.
        let history = unsafe { handle::value(trend) }?;
        let trend = TrendPredictor::read(history, above_zero("window_seconds", window_seconds)?);
        let rate_per_second = at_least_zero("rate_per_second", rate_per_second)?;
        let horizon_seconds = at_least_zero("horizon_seconds", horizon_seconds)?;
        let forecast = TrendPredictor::forecast(&trend, rate_per_second, horizon_seconds);
        json_of(&serde_json::json!({
            "slope_per_second_squared": trend.slope_per_second_squared,
            "rate_per_second": forecast.rate_per_second,
            "lower_per_second": forecast.lower_per_second,
            "upper_per_second": forecast.upper_per_second,
        }))
        .map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, forecast) }
}
