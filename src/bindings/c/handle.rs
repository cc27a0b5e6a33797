//! Objects that the caller holds by a pointer.

use super::status::Failure;

/// What a freed handle is marked with before its memory goes.
const FREED: u64 = 0;

/// A type that C only knows as a pointer.
pub(super) trait Opaque {
    /// What is behind the pointer.
    type Value;
    /// Eight letters that a live handle of this kind begins with.
    const TAG: u64;
    /// Its name for a person.
    const NAME: &'static str;
}

/// What lies behind the pointer. All kinds begin alike, so that one kind can be told from another.
#[repr(C)]
struct Live<T> {
    tag: u64,
    value: T,
}

/// Makes a handle and writes it where the caller wants it.
///
/// # Safety
/// `place` is NULL or points to memory for a pointer.
pub(super) unsafe fn hand_over<O: Opaque>(
    place: *mut *mut O,
    make: impl FnOnce() -> Result<O::Value, Failure>,
) -> Result<(), Failure> {
    if place.is_null() || !place.is_aligned() {
        return Err(Failure::argument(O::NAME, "NULL where the place for a new handle was expected"));
    }
    // SAFETY: by this function's own condition. Whoever uses the handle although making it failed finds NULL.
    unsafe { place.write(std::ptr::null_mut()) };
    let live = Live { tag: O::TAG, value: make()? };
    // SAFETY: as above.
    unsafe { place.write(Box::into_raw(Box::new(live)).cast()) };
    Ok(())
}

/// The value behind a handle.
///
/// # Safety
/// `handle` is NULL, or a handle that this library made and that nobody else uses meanwhile. A handle of another kind is
/// refused; one that was freed only as long as its memory has not been used again.
pub(super) unsafe fn value<'call, O: Opaque>(handle: *mut O) -> Result<&'call mut O::Value, Failure> {
    // SAFETY: by this function's own condition.
    unsafe { check::<O>(handle) }.map(|live| {
        // SAFETY: a live handle of this kind, which nobody else uses meanwhile.
        unsafe { &mut (*live).value }
    })
}

/// Ends a handle; NULL is none and fine.
///
/// # Safety
/// As with [`value`].
pub(super) unsafe fn free<O: Opaque>(handle: *mut O) -> Result<(), Failure> {
    if handle.is_null() {
        return Ok(());
    }
    // SAFETY: by this function's own condition.
    let live = unsafe { check::<O>(handle) }?;
    // SAFETY: a live handle, made by `hand_over` from a box of this very type. The mark is written in a way that the
    // compiler does not leave out, although the memory is given back right after.
    unsafe {
        (&raw mut (*live).tag).write_volatile(FREED);
        drop(Box::from_raw(live));
    }
    Ok(())
}

/// # Safety
/// As with [`value`].
unsafe fn check<O: Opaque>(handle: *mut O) -> Result<*mut Live<O::Value>, Failure> {
    let refuse =
        |found: &str| Err(Failure::argument(O::NAME, format!("{found} where a handle of this kind was expected")));
    let live = handle.cast::<Live<O::Value>>();
    if live.is_null() {
        return refuse("NULL");
    }
    if !live.is_aligned() {
        return refuse("a strange pointer");
    }
    // SAFETY: by this function's own condition there is a tag.
    match unsafe { (&raw const (*live).tag).read() } {
        tag if tag == O::TAG => Ok(live),
        FREED => refuse("a handle that was freed"),
        _ => refuse("something else"),
    }
}
