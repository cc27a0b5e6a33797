//! Others' ways of deciding, as plain arithmetic, to compare with.
//!
//! Each is given what its users would have to know and set for it: the true mean duration of the jobs, and the limits.

mod contestant;
mod fixed;
mod horizon;
mod pools;
mod queue_length;
mod reactive;

pub use contestant::Contestant;
pub use fixed::FixedWorkers;
pub use horizon::{HorizonAutoBalancing, HorizonStrategy};
pub use pools::PeerPool;
pub use queue_length::QueueLengthTarget;
pub use reactive::{BacklogOverSla, EverythingAtFirstSight};
