//! The way from PHP into the core and back.

use super::exceptions::Failure;
use crate::bindings::panic::caught;
use ext_php_rs::exception::{PhpException, PhpResult};
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ExecuteData;

/// Runs the body of a method. An error and a panic alike become one of our exceptions.
pub(super) fn guarded<T>(body: impl FnOnce() -> Result<T, Failure>) -> PhpResult<T> {
    match caught(body) {
        Ok(result) => result.map_err(PhpException::from),
        Err(panic) => Err(Failure::Engine(panic).into()),
    }
}

/// Runs the body of a method of a class that is registered by hand, with `$this` and the arguments.
pub(super) fn method(
    call: &mut ExecuteData,
    result: &mut Zval,
    body: impl FnOnce(&mut ZendObject, &[&Zval]) -> Result<Zval, Failure>,
) {
    let arguments = arguments_of(call);
    let outcome = match call.get_self() {
        Some(this) => guarded(|| body(this, &arguments)),
        None => Err(Failure::Engine("called without an object".to_owned()).into()),
    };
    finish(outcome, result);
}

/// Runs the body of such a static method.
pub(super) fn static_method(
    call: &mut ExecuteData,
    result: &mut Zval,
    body: impl FnOnce(&[&Zval]) -> Result<Zval, Failure>,
) {
    let arguments = arguments_of(call);
    finish(guarded(|| body(&arguments)), result);
}

fn finish(outcome: PhpResult<Zval>, result: &mut Zval) {
    match outcome {
        Ok(value) => *result = value,
        Err(exception) => exception.throw(),
    }
}

/// The arguments of a call. PHP itself does not check them for internal functions, so each body must.
fn arguments_of<'call>(call: &ExecuteData) -> Vec<&'call Zval> {
    // SAFETY: both members of the union are plain numbers; a call's frame uses this one.
    let count = unsafe { call.This.u2.num_args };
    (0..count as usize)
        .filter_map(|index| {
            // SAFETY: `index` is below the number of arguments, which live as long as the call.
            unsafe { call.zend_call_arg(index) }
        })
        .map(|argument| &*argument)
        .collect()
}
