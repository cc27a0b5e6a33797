//! Queue Autoscale keeps every Laravel queue inside its promise, "a job waits at most N seconds before a worker picks
//! it up", by deciding how many `queue:work` processes each queue needs and running them.
//!
//! This crate is what PHP and C load. What they call lies in crates of their own, which a lower one cannot import a higher
//! one of:
//!
//! ```text
//! queue-autoscale: bindings
//! queue-autoscale-supervisor: workers, host   queue-autoscale-simulator
//! queue-autoscale-core: cluster, engine, calculators, metrics, config
//! ```

#[cfg(any(feature = "extension", feature = "ffi"))]
pub mod bindings;

pub use queue_autoscale_core::{calculators, cluster, config, engine, metrics};
pub use queue_autoscale_simulator as simulator;
pub use queue_autoscale_supervisor::{host, workers};
