//! What this machine, or the container around the manager, has left.

mod cgroup;
mod cgroup_files;
mod error;
#[cfg(target_os = "linux")]
mod machine_linux;
#[cfg(not(target_os = "linux"))]
mod machine_other;
mod monitor;
mod share;
mod system;

pub use error::HostError;
pub use monitor::HostMonitor;
