//! What happens on this machine: the worker processes, and what the machine has left for more of them.

pub mod host;
pub mod workers;

// Lower crates' modules have the same names in every crate.
use queue_autoscale_core::{calculators, config, engine};
