//! The host monitor's functions.

use super::configuration::Configuration;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::status::Status;
use super::text::{Text, json_of};
use crate::bindings::shapes::HostCapacityShape;
use crate::config::Limits;

/// Reads what the host, and every container around this process, has and uses.
#[derive(Debug)]
pub struct HostMonitor(());

impl Opaque for HostMonitor {
    type Value = crate::host::HostMonitor;
    const TAG: u64 = u64::from_be_bytes(*b"qaHostMo");
    const NAME: &'static str = "host_monitor";
}

/// A host monitor. Where the host and a container around it have limits of their own, the configuration's shares decide
/// which of them is the tightest; NULL stands for the default ones.
///
/// # Safety
/// `configuration` is a handle or NULL; `host_monitor` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_host_monitor_new(
    configuration: *mut Configuration,
    host_monitor: *mut *mut HostMonitor,
    error: *mut Text,
) -> Status {
    let make = || {
        let limits = if configuration.is_null() {
            Limits::default()
        } else {
            // SAFETY: by this function's own condition.
            unsafe { handle::value(configuration) }?.limits.clone()
        };
        Ok(crate::host::HostMonitor::for_limits(limits))
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(host_monitor, make)) }
}

/// Ends a host monitor; NULL is fine.
///
/// # Safety
/// `host_monitor` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_host_monitor_free(host_monitor: *mut HostMonitor) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(host_monitor)) }
}

/// The capacity now: `{"cpu_limit_cores": …, "cpu_used_cores": …, "memory_limit_bytes": …, "memory_used_bytes": …}`. It
/// never waits: CPU use is the difference to the reading before, so it is null in the first one.
///
/// # Safety
/// `host_monitor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_host_monitor_read(host_monitor: *mut HostMonitor, output: *mut Text) -> Status {
    let read = || {
        // SAFETY: by this function's own condition.
        let capacity = unsafe { handle::value(host_monitor) }?.read()?;
        json_of(&HostCapacityShape::from(capacity)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, read) }
}
