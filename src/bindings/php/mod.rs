//! The PHP extension `queue_autoscale`: the core's classes in the namespace `QueueAutoscale`.

// A parameter's name in Rust is its name in PHP.
#![allow(non_snake_case, reason = "PHP's parameters are named in camel case")]
// The macros of ext-php-rs write unsafe code without comments into each class.
#![allow(clippy::undocumented_unsafe_blocks, missing_docs, reason = "written by ext-php-rs' macros")]
// PHP's array shapes (`list<string>`) are no HTML, and its @throws no link.
#![allow(rustdoc::invalid_html_tags, rustdoc::broken_intra_doc_links, reason = "the documentation is PHP's")]

mod arguments;
mod calculators;
mod class_slot;
mod cluster_planner;
mod configuration;
mod entry;
mod exceptions;
mod host;
mod object_writer;
mod pool_strings;
mod queue_forecast;
mod scaling_decision;
mod scaling_engine;
mod simulator;
mod value_class;
mod worker_supervisor;
mod zval_entries;
mod zval_json;
mod zval_reader;
mod zval_writer;

use super::interface::{ABI_REVISION, ABI_VERSION};
use ext_php_rs::prelude::*;
use ext_php_rs::zend::ModuleEntry;
use ext_php_rs::{info_table_end, info_table_row, info_table_start};

/// The extension's name in `extension=` and `php --ri`.
const NAME: &str = "queue_autoscale";

extern "C" fn start_up(_type: i32, _module: i32) -> i32 {
    ext_php_rs::internal::startup_guard(|| {
        exceptions::register_exceptions()?;
        host::register_host_capacity()?;
        scaling_decision::register_scaling_decision()?;
        queue_forecast::register_queue_forecast()
    })
}

extern "C" fn information(_module: *mut ModuleEntry) {
    info_table_start!();
    info_table_row!("Queue Autoscale", "enabled");
    info_table_row!("Version", env!("CARGO_PKG_VERSION"));
    info_table_end!();
}

/// The module as PHP loads it.
#[php_module]
#[php(startup = start_up)]
pub fn get_module(module: ModuleBuilder) -> ModuleBuilder {
    let module = module
        .name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .info_function(information)
        .constant(("QUEUE_AUTOSCALE_ABI_VERSION", i64::from(ABI_VERSION), &[]))
        .constant(("QUEUE_AUTOSCALE_ABI_REVISION", i64::from(ABI_REVISION), &[]))
        .class::<cluster_planner::ClusterPlanner>()
        .class::<configuration::Configuration>()
        .class::<host::HostMonitor>()
        .class::<scaling_engine::ScalingEngine>()
        .class::<scaling_engine::Evaluation>()
        .class::<simulator::Simulator>()
        .class::<worker_supervisor::WorkerSupervisor>();
    calculators::add_to(module)
}
