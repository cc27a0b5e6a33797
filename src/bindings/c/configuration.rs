//! The configuration's functions.

use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::Status;
use super::text::{Text, json_of};
use crate::config::PoolId;
use std::ffi::c_char;
use std::sync::Arc;

/// Everything that a user configured, checked, with defaults, profiles and overrides merged.
#[derive(Debug)]
pub struct Configuration(());

impl Opaque for Configuration {
    type Value = Arc<crate::config::Configuration>;
    const TAG: u64 = u64::from_be_bytes(*b"qaConfig");
    const NAME: &'static str = "configuration";
}

/// Reads a configuration: the array of config/queue-autoscale.php as JSON. `{}` is one, with every default.
///
/// On success `configuration` gets a handle that ends with `qa_configuration_free`; engines and supervisors made from it
/// do not need it any more. `QA_STATUS_INVALID_CONFIGURATION` comes with a line for each error in `error`.
///
/// # Safety
/// `json` points to `json_length` bytes; `configuration` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_configuration_new(
    json: *const c_char,
    json_length: usize,
    configuration: *mut *mut Configuration,
    error: *mut Text,
) -> Status {
    let make = || {
        // SAFETY: by this function's own condition.
        let json = input::json("json", unsafe { input::text("json", json, json_length) }?)?;
        Ok(Arc::new(crate::config::Configuration::from_json(&json)?))
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(configuration, make)) }
}

/// Ends a configuration; NULL is fine.
///
/// # Safety
/// `configuration` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_configuration_free(configuration: *mut Configuration) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(configuration)) }
}

/// `{"enabled": …, "interval_seconds": …, "pools": [{"connection": …, "queues": …}, …], "warnings": [sentences],
/// "configuration": {…}}`: the pools are those that the configuration names, the last is the whole of it with its defaults
/// filled in, which `qa_configuration_new` takes back.
///
/// # Safety
/// `configuration` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_configuration_describe(configuration: *mut Configuration, output: *mut Text) -> Status {
    let describe = || {
        // SAFETY: by this function's own condition.
        let configuration = unsafe { handle::value(configuration) }?;
        json_of(&serde_json::json!({
            "enabled": configuration.enabled,
            "interval_seconds": configuration.interval_seconds,
            "pools": configuration.pools(),
            "warnings": configuration.warnings(),
            "configuration": **configuration,
        }))
        .map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, describe) }
}

/// The pool that works a queue, `{"connection": …, "queues": …}`; `null` where nobody does.
///
/// # Safety
/// `configuration` is a handle; each text points to as many bytes as its length says; `output` points to memory for a
/// text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_configuration_pool_of(
    configuration: *mut Configuration,
    connection: *const c_char,
    connection_length: usize,
    queue: *const c_char,
    queue_length: usize,
    output: *mut Text,
) -> Status {
    let find = || {
        // SAFETY: by this function's own condition.
        let (configuration, connection, queue) = unsafe {
            (
                handle::value(configuration)?,
                input::text("connection", connection, connection_length)?,
                input::text("queue", queue, queue_length)?,
            )
        };
        json_of(&configuration.pool_of(connection, queue)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, find) }
}

/// What holds for a pool, under the keys that a queue has in the configuration.
///
/// # Safety
/// As with `qa_configuration_pool_of`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_configuration_pool_settings(
    configuration: *mut Configuration,
    connection: *const c_char,
    connection_length: usize,
    queues: *const c_char,
    queues_length: usize,
    output: *mut Text,
) -> Status {
    let find = || {
        // SAFETY: by this function's own condition.
        let (configuration, connection, queues) = unsafe {
            (
                handle::value(configuration)?,
                input::text("connection", connection, connection_length)?,
                input::text("queues", queues, queues_length)?,
            )
        };
        json_of(&*configuration.pool_settings(&PoolId::new(connection, queues))).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, find) }
}
