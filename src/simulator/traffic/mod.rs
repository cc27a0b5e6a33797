//! Jobs as they arrive: what a trace holds, and how one is made up.

pub mod arrivals;
mod job;
mod pattern;
mod random;
mod recipe;
mod service;

pub use job::Job;
pub use pattern::Pattern;
pub use random::Random;
pub use recipe::{Failures, Recipe, Shift};
pub use service::ServiceTime;
