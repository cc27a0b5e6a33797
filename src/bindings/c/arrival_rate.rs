//! The arrival rate's functions.

use super::arguments::Arguments;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::numbers::{at_least_zero, finite};
use crate::calculators::{ArrivalRateEstimator, ArrivalSample};
use std::ffi::c_char;

/// Estimates the arrival rate of one queue: what came in is what was done plus what the backlog grew.
#[derive(Debug)]
pub struct ArrivalRate(());

impl Opaque for ArrivalRate {
    type Value = ArrivalRateEstimator;
    const TAG: u64 = u64::from_be_bytes(*b"qaArriva");
    const NAME: &'static str = "arrival_rate";
}

/// An estimator that knows nothing yet.
///
/// # Safety
/// `arrival_rate` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_arrival_rate_new(arrival_rate: *mut *mut ArrivalRate, error: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(arrival_rate, || Ok(ArrivalRateEstimator::new()))) }
}

/// Ends an estimator; NULL is fine.
///
/// # Safety
/// `arrival_rate` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_arrival_rate_free(arrival_rate: *mut ArrivalRate) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(arrival_rate)) }
}

/// Takes in one sample: `{"now_seconds": a monotonic clock's instant, "backlog": jobs waiting or held,
/// "throughput_per_minute": jobs done in the last sixty seconds, "attempts_finished_total": attempts that the workers are
/// known to have ended, or null, "tries": attempts that a job gets at most, 0 where there is no end}`.
///
/// # Safety
/// `arrival_rate` is a handle; `sample` points to `sample_length` bytes; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_arrival_rate_observe(
    arrival_rate: *mut ArrivalRate,
    sample: *const c_char,
    sample_length: usize,
    error: *mut Text,
) -> Status {
    let observe = || {
        // SAFETY: by this function's own condition.
        let (estimator, sample) =
            unsafe { (handle::value(arrival_rate)?, input::text("sample", sample, sample_length)?) };
        let given = Arguments::read(sample)?;
        let sample = ArrivalSample {
            now_seconds: finite("now_seconds", given.number("now_seconds")?)?,
            backlog: at_least_zero("backlog", given.number("backlog")?)?,
            throughput_per_minute: at_least_zero("throughput_per_minute", given.number("throughput_per_minute")?)?,
            attempts_finished_total: if given.lacks("attempts_finished_total") {
                None
            } else {
                Some(given.count("attempts_finished_total")?)
            },
            tries: u32::try_from(given.count("tries")?)
                .map_err(|_| Failure::argument("tries", "more than a job can get"))?,
        };
        given.finish()?;
        estimator.observe(sample);
        Ok(())
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, observe) }
}

/// `{"rate_per_second": …, "confidence": from 0 to 1, "dispersion": 1 for a Poisson stream}`.
///
/// # Safety
/// `arrival_rate` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_arrival_rate_estimate(arrival_rate: *mut ArrivalRate, output: *mut Text) -> Status {
    let estimate = || {
        // SAFETY: by this function's own condition.
        let estimator = unsafe { handle::value(arrival_rate) }?;
        json_of(&serde_json::json!({
            "rate_per_second": estimator.rate_per_second(),
            "confidence": estimator.confidence(),
            "dispersion": estimator.dispersion(),
        }))
        .map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, estimate) }
}
