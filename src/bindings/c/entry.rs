//! The way from C into the core and back.

use super::status::{Failure, Status};
use super::text::{self, Text};
use crate::bindings::panic::caught;

/// Runs the body of a function that returns a text. What it returns, an error's message and a panic's alike go to
/// `output`.
///
/// # Safety
/// `output` is NULL or points to memory for a text.
pub(super) unsafe fn returning(output: *mut Text, body: impl FnOnce() -> Result<Option<String>, Failure>) -> Status {
    let outcome = caught(body).unwrap_or_else(|panic| Err(Failure::new(Status::Fault, panic)));
    let (status, content) = match outcome {
        Ok(content) => (Status::Ok, content),
        Err(failure) => (failure.status, Some(failure.message)),
    };
    // SAFETY: by this function's own condition.
    unsafe { text::hand_over(output, content) };
    status
}

/// The same for a function that returns nothing but an error.
///
/// # Safety
/// As with [`returning`].
pub(super) unsafe fn doing(output: *mut Text, body: impl FnOnce() -> Result<(), Failure>) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { returning(output, || body().map(|()| None)) }
}
