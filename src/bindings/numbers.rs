//! Checks of numbers that come from other languages.

/// More workers than any host runs; the formulas are loops over them.
const MAX_WORKERS: u32 = 100_000;

/// A number that makes no sense, with the argument's name.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {number} where {expected} was expected")]
pub(super) struct OutOfRange {
    name: &'static str,
    number: String,
    expected: &'static str,
}

fn refuse(name: &'static str, number: impl std::fmt::Display, expected: &'static str) -> OutOfRange {
    OutOfRange { name, number: number.to_string(), expected }
}

/// A finite number.
pub(super) fn finite(name: &'static str, number: f64) -> Result<f64, OutOfRange> {
    if number.is_finite() { Ok(number) } else { Err(refuse(name, number, "a finite number")) }
}

/// A finite number of at least 0.
pub(super) fn at_least_zero(name: &'static str, number: f64) -> Result<f64, OutOfRange> {
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err(refuse(name, number, "a number of at least 0")) }
}

/// A finite number above 0.
pub(super) fn above_zero(name: &'static str, number: f64) -> Result<f64, OutOfRange> {
    if number.is_finite() && number > 0.0 { Ok(number) } else { Err(refuse(name, number, "a number above 0")) }
}

/// A percentile that a finite number of workers can meet.
pub(super) fn percentile(name: &'static str, number: f64) -> Result<f64, OutOfRange> {
    if number > 0.0 && number < 100.0 {
        Ok(number)
    } else {
        Err(refuse(name, number, "a percentile above 0 and below 100"))
    }
}

/// A number of workers.
pub(super) fn workers(name: &'static str, number: i64) -> Result<u32, OutOfRange> {
    u32::try_from(number)
        .ok()
        .filter(|workers| *workers <= MAX_WORKERS)
        .ok_or_else(|| refuse(name, number, "a number of workers from 0 to 100000"))
}
