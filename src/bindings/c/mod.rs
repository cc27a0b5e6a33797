//! The C ABI behind `include/queue_autoscale.h`, for PHP's FFI and any other language.
//!
//! The header says to C programmers what this module keeps to: no global state, JSON in UTF-8 for structured data, every
//! text that comes back belongs to the caller, every call returns a [`Status`], no panic leaves the library.

mod arguments;
mod arrival_rate;
mod calculators;
mod cluster_planner;
mod configuration;
mod engine;
mod entry;
mod handle;
mod host_monitor;
mod input;
mod simulator;
mod status;
mod supervisor;
mod text;
mod trend;

pub use arrival_rate::{
    ArrivalRate, qa_arrival_rate_estimate, qa_arrival_rate_free, qa_arrival_rate_new, qa_arrival_rate_observe,
};
pub use calculators::qa_calculate;
pub use cluster_planner::{
    ClusterPlanner, qa_cluster_planner_free, qa_cluster_planner_merge, qa_cluster_planner_new, qa_cluster_planner_plan,
};
pub use configuration::{
    Configuration, qa_configuration_describe, qa_configuration_free, qa_configuration_new, qa_configuration_pool_of,
    qa_configuration_pool_settings,
};
pub use engine::{
    Engine, qa_engine_decide, qa_engine_evaluate, qa_engine_forecasts, qa_engine_free, qa_engine_new, qa_engine_observe,
};
pub use host_monitor::{HostMonitor, qa_host_monitor_free, qa_host_monitor_new, qa_host_monitor_read};
pub use simulator::{
    Simulator, qa_simulator_advance, qa_simulator_catalogue, qa_simulator_decide, qa_simulator_forecasts,
    qa_simulator_free, qa_simulator_new, qa_simulator_observe, qa_simulator_report, qa_simulator_results,
    qa_simulator_start, qa_simulator_traffic,
};
pub use status::Status;
pub use supervisor::{
    Supervisor, qa_supervisor_begin_shutdown, qa_supervisor_free, qa_supervisor_kill_all, qa_supervisor_let_idle_leave,
    qa_supervisor_new, qa_supervisor_pools, qa_supervisor_scale, qa_supervisor_shutdown, qa_supervisor_state,
    qa_supervisor_supervise, qa_supervisor_tell_output, qa_supervisor_workers,
};
pub use text::{Text, qa_text_free};
pub use trend::{Trend, qa_trend_forecast, qa_trend_free, qa_trend_new, qa_trend_record};

use super::interface::{ABI_REVISION, ABI_VERSION};
use std::ffi::c_char;

/// The version of this interface. It rises with every change that a caller must know of: something taken away, or another
/// meaning given to it.
pub const QA_ABI_VERSION: u32 = 4;

/// Counts what was only added since the version began, from 0.
pub const QA_ABI_REVISION: u32 = 2;

// The header is generated from this file alone, so the numbers stand here as well.
const _: () = assert!(QA_ABI_VERSION == ABI_VERSION && QA_ABI_REVISION == ABI_REVISION, "see bindings/interface.rs");

/// The version of the interface that the library was built with: it fits where this equals `QA_ABI_VERSION` of the header…
#[unsafe(no_mangle)]
pub extern "C" fn qa_abi_version() -> u32 {
    QA_ABI_VERSION
}

/// …and this is at least `QA_ABI_REVISION`.
#[unsafe(no_mangle)]
pub extern "C" fn qa_abi_revision() -> u32 {
    QA_ABI_REVISION
}

/// The library's own version, such as "0.1.0". Static: not to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn qa_version() -> *const c_char {
    const { concat!(env!("CARGO_PKG_VERSION"), "\0") }.as_ptr().cast()
}
