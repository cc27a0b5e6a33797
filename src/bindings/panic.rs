//! A panic must never cross into another language; here it becomes a message.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

thread_local! {
    /// How many calls of [`caught`] this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `call`, or tells where and why it panicked.
///
/// What `call` was changing may be half changed afterwards. That is safe: nothing unsafe relies on it, and the caller is
/// told that the object's state is doubtful.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(keep_caught_panics_silent);
    DEPTH.set(DEPTH.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    DEPTH.set(DEPTH.get() - 1);
    outcome.map_err(|_| {
        let message = LAST_PANIC.with(RefCell::take).unwrap_or_else(|| "no message".to_owned());
        format!("a fault in Queue Autoscale itself, please report it: {message}")
    })
}

/// Rust tells of every panic on stderr, which is the application's. Those that are caught are told another way; all others
/// go on to whoever was told before.
fn keep_caught_panics_silent() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |information| {
        if DEPTH.get() == 0 {
            before(information);
        } else {
            LAST_PANIC.with(|last| last.replace(Some(describe(information))));
        }
    }));
}

fn describe(information: &PanicHookInfo<'_>) -> String {
    let payload = information.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
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
        let number: Option<u32> = std::hint::black_box(None);
        let message = caught(|| number.expect("there must be a number")).unwrap_err();
        assert!(message.contains("there must be a number (src/bindings/panic.rs:"), "{message}");
        assert_eq!(caught(|| 7), Ok(7));
    }
}
