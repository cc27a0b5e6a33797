//! How many workers the host has room for.

/// What the host, or the container around the manager, has and uses at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostCapacity {
    /// Cores that may be used: the smaller of the host's and the cgroup's quota.
    pub cpu_limit_cores: f64,
    /// Cores in use, everything counted; `None` before a second reading allows a difference.
    pub cpu_used_cores: Option<f64>,
    /// Memory that may be used: the smaller of the host's and the cgroup's limit, in bytes.
    pub memory_limit_bytes: u64,
    /// Memory in use without reclaimable cache, everything counted, in bytes.
    pub memory_used_bytes: u64,
}
