//! How many `queue:work` processes each queue needs, so that every job is picked up within its SLA.
//!
//! Nothing in here knows a clock, a file, a process or chance: the instant and the host's capacity come in as arguments. The
//! crate depends on nothing that has them, and its `clippy.toml` forbids those of the standard library.
//!
//! ```text
//! cluster
//! engine
//! calculators   metrics   config
//! ```

pub mod calculators;
pub mod cluster;
pub mod config;
pub mod engine;
pub mod metrics;
