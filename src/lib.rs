//! Queue Autoscale keeps every Laravel queue inside its promise, "a job waits at most N seconds before a worker picks
//! it up", by deciding how many `queue:work` processes each queue needs and running them.
//!
//! A lower layer never imports a higher one:
//!
//! ```text
//! bindings
//! workers   simulator   host   cluster
//! engine
//! calculators   metrics   config
//! ```

#[cfg(any(feature = "extension", feature = "ffi"))]
pub mod bindings;
pub mod calculators;
pub mod cluster;
pub mod config;
pub mod engine;
pub mod host;
pub mod metrics;
pub mod simulator;
pub mod workers;
