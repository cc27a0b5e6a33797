//! What this machine, or the container around the manager, has left.

mod cgroup;
mod cgroup_files;
mod error;
mod monitor;
mod share;
mod system;

pub use error::HostError;
pub use monitor::HostMonitor;
