//! How good a run was.

mod bound;
mod bounds;
mod elasticity;
mod first_level;
mod hindsight;
mod no_wait_bound;
mod ordered_peaks;
mod ordered_seconds;
mod reserve;
mod reversal_bound;
mod spans;
mod summary;
mod timeline;
mod turn_bound;

pub use bound::{LATE_SHARE_ALLOWED, least_worker_seconds};
pub use bounds::Bounds;
pub use elasticity::Elasticity;
pub use hindsight::{cheapest_fixed_workers, most_within_sla};
pub use no_wait_bound::least_worker_seconds_without_wait;
pub use reserve::{kept_no_reserve, most_within_sla_after_waits, most_within_sla_without_reserve};
pub use reversal_bound::ReversalBound;
pub(crate) use summary::quantile;
pub use summary::{Summary, geometric_mean};
pub use turn_bound::least_worker_seconds_at_turns;
