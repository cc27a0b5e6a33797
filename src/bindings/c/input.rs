//! What comes in: bytes that are to be text, text that is to be JSON, numbers.

use super::status::Failure;
use serde::Deserialize;
use std::ffi::c_char;
use std::slice;

/// The caller's bytes as text.
///
/// # Safety
/// `data` is NULL or points to `length` bytes that stay as they are for as long as the result is used.
pub(super) unsafe fn text<'call>(name: &str, data: *const c_char, length: usize) -> Result<&'call str, Failure> {
    if data.is_null() {
        return Err(Failure::argument(name, "NULL where a text was expected"));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::argument(name, format!("a length of {length} bytes, which is more than there can be")));
    }
    // SAFETY: by this function's own condition, and the length is one that a slice may have.
    let bytes = unsafe { slice::from_raw_parts(data.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| Failure::argument(name, format!("no UTF-8: {error}")))
}

/// JSON as a value.
pub(super) fn json<'call, T: Deserialize<'call>>(name: &str, text: &'call str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::argument(name, error))
}
