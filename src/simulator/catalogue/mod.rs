//! The scenarios that strategies are judged by.
//!
//! All of them run with one and the same default configuration; what differs is what a user must say of a queue: the SLA
//! where it is not the default, and how many workers there may be.
//!
//! There are three sets: [`tuned()`] to tune on, [`set_aside()`] to check with what was tuned, and, apart from them, one that
//! is held out, to report.

mod entry;
mod many_queues;
mod set_aside;
pub mod shapes;
mod tuned;

pub use entry::{Entry, MAX_WORKERS};
pub use set_aside::set_aside;
pub use tuned::tuned;
