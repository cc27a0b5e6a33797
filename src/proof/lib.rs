//! All strategies on all scenarios, and the tables and pages of it: what `make prove` shows, and no user loads.

mod conditions;
mod draw;
mod held_out;
mod limits;
pub mod report;
mod table;
mod trial;

pub use conditions::Condition;
pub use held_out::held_out;
pub use limits::Limits;
pub use table::Table;
pub use trial::{Trial, Trials};

// Lower crates' modules have the same names in every crate.
use queue_autoscale_core::config;
use queue_autoscale_simulator as simulator;
