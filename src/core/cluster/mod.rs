//! Several hosts as one: their reports summed for the engine, its decisions shared out among them. Pure: who leads, what
//! is published and how old it is, is the caller's to know.

mod cluster_planner;
mod counters;
mod granted;
mod merge;
mod report;
mod shares;

pub use cluster_planner::ClusterPlanner;
pub use merge::ClusterTurn;
pub use report::HostReport;
pub use shares::{HostPlace, HostShare, PoolTarget, Shares, Staffing, plan_shares};
