//! How good a run was.

mod bound;
mod elasticity;
mod hindsight;
mod summary;

pub use bound::{LATE_SHARE_ALLOWED, least_worker_seconds};
pub use elasticity::Elasticity;
pub use hindsight::{cheapest_fixed_workers, most_within_sla};
pub(super) use summary::quantile;
pub use summary::{Summary, geometric_mean};
