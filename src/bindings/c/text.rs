//! Texts that leave the library.

use super::status::{Failure, Status};
use std::ffi::c_char;
use std::ptr;

/// What a call returns: JSON where it went well, a message for a person where it did not. UTF-8 with a NUL byte at its
/// end that `length` does not count. It belongs to the caller, who gives it back with `qa_text_free`; a call that gets a
/// text writes over what stands there without freeing it.
#[repr(C)]
#[derive(Debug)]
pub struct Text {
    /// The text, or NULL for none.
    pub data: *mut c_char,
    /// Its length in bytes.
    pub length: usize,
}

impl Text {
    /// No text.
    pub const NONE: Self = Self { data: ptr::null_mut(), length: 0 };

    fn from_string(content: String) -> Self {
        let length = content.len();
        let mut bytes = content.into_bytes();
        bytes.push(0);
        Self { data: Box::into_raw(bytes.into_boxed_slice()).cast(), length }
    }
}

/// Writes a text where the caller wants it, if the caller wants it.
///
/// # Safety
/// `place` is NULL or points to memory for a `Text`.
pub(super) unsafe fn hand_over(place: *mut Text, content: Option<String>) {
    if !place.is_null() && place.is_aligned() {
        // SAFETY: by this function's own condition.
        unsafe { place.write(content.map_or(Text::NONE, Text::from_string)) };
    }
}

/// Gives a text back and makes it empty, so that doing it twice is harmless. NULL and empty texts are left alone.
///
/// # Safety
/// `text` is NULL or points to a text that this library wrote, or that was set to zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_text_free(text: *mut Text) {
    if text.is_null() || !text.is_aligned() {
        return;
    }
    // SAFETY: by this function's own condition.
    let content = unsafe { ptr::replace(text, Text::NONE) };
    if !content.data.is_null() {
        let bytes = ptr::slice_from_raw_parts_mut(content.data.cast::<u8>(), content.length + 1);
        // SAFETY: `from_string` made it from a box of just this length.
        drop(unsafe { Box::from_raw(bytes) });
    }
}

/// `value` as JSON.
pub(super) fn json_of(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value)
        .map_err(|error| Failure::new(Status::Fault, format!("no JSON can be made of it: {error}")))
}
