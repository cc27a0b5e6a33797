//! A panic must never cross into another language; here it becomes a message.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics silent; [`caught`] tells of them instead. To be called once, when the library is loaded.
pub(super) fn keep_panics_silent() {
    std::panic::set_hook(Box::new(|information| {
        let message = describe(information);
        LAST_PANIC.with(|last| last.replace(Some(message)));
    }));
}

/// Runs `call`, or tells where and why it panicked.
///
/// What `call` was changing may be half changed afterwards. That is safe: nothing unsafe relies on it, and the caller is
/// told that the object's state is doubtful.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| {
        let message = LAST_PANIC.with(RefCell::take).unwrap_or_else(|| "no message".to_owned());
        format!("a fault in Queue Autoscale itself, please report it: {message}")
    })
}

fn describe(information: &PanicHookInfo<'_>) -> String {
    let message = information.payload_as_str().unwrap_or("no message");
    match information.location() {
        Some(location) => format!("{message} ({}:{})", location.file(), location.line()),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message_with_its_place_and_the_next_call_works() {
        keep_panics_silent();
        let number: Option<u32> = std::hint::black_box(None);
        let message = caught(|| number.expect("there must be a number")).unwrap_err();
        assert!(message.contains("there must be a number (src/bindings/panic.rs:"), "{message}");
        assert_eq!(caught(|| 7), Ok(7));
    }
}
