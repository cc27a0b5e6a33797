//! Checks of the calculators' arguments.

use crate::bindings::php::exceptions::Failure;

/// More workers than any host runs; the formulas are loops over them.
const MAX_WORKERS: u32 = 100_000;

fn refuse(name: &str, number: impl std::fmt::Display, expected: &str) -> Failure {
    Failure::Argument(format!("${name}: {number} where {expected} was expected"))
}

/// A finite number.
pub(super) fn finite(name: &str, number: f64) -> Result<f64, Failure> {
    if number.is_finite() { Ok(number) } else { Err(refuse(name, number, "a finite number")) }
}

/// A finite number of at least 0.
pub(super) fn at_least_zero(name: &str, number: f64) -> Result<f64, Failure> {
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err(refuse(name, number, "a number of at least 0")) }
}

/// A finite number above 0.
pub(super) fn above_zero(name: &str, number: f64) -> Result<f64, Failure> {
    if number.is_finite() && number > 0.0 { Ok(number) } else { Err(refuse(name, number, "a number above 0")) }
}

/// A percentile that a finite number of workers can meet.
pub(super) fn percentile(name: &str, number: f64) -> Result<f64, Failure> {
    if number > 0.0 && number < 100.0 {
        Ok(number)
    } else {
        Err(refuse(name, number, "a percentile above 0 and below 100"))
    }
}

/// A number of workers.
pub(super) fn workers(name: &str, number: i64) -> Result<u32, Failure> {
    u32::try_from(number)
        .ok()
        .filter(|workers| *workers <= MAX_WORKERS)
        .ok_or_else(|| refuse(name, number, "a number of workers from 0 to 100000"))
}
