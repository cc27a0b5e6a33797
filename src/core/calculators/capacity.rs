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

/// What one worker takes, or all of them may.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resources {
    /// Cores.
    pub cpu_cores: f64,
    /// Bytes of resident memory.
    pub memory_bytes: f64,
}

impl Resources {
    /// No bound at all.
    pub const UNLIMITED: Self = Self { cpu_cores: f64::INFINITY, memory_bytes: f64::INFINITY };

    /// Nothing.
    pub const NONE: Self = Self { cpu_cores: 0.0, memory_bytes: 0.0 };

    /// These and `workers` times `each`.
    pub fn plus(self, each: Self, workers: f64) -> Self {
        Self {
            cpu_cores: self.cpu_cores + each.cpu_cores * workers,
            memory_bytes: self.memory_bytes + each.memory_bytes * workers,
        }
    }

    /// Whether these fit into `budget`, part for part.
    pub fn fit(self, budget: Self) -> bool {
        self.cpu_cores <= budget.cpu_cores && self.memory_bytes <= budget.memory_bytes
    }
}

/// The room that all workers together may take: the limit's permitted share, less what everything else uses.
#[derive(Clone, Copy, Debug)]
pub struct Capacity;

impl Capacity {
    /// What the workers may take together, given what they take now (`ours`). Never negative.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{Capacity, HostCapacity, Resources};
    /// let host = HostCapacity {
    ///     cpu_limit_cores: 8.0, cpu_used_cores: Some(5.0), memory_limit_bytes: 1_000, memory_used_bytes: 600,
    /// };
    /// // 85 % of 8 cores are 6.8; of the 5 in use 3 are the workers' own, so others take 2 and 4.8 are left for workers.
    /// let room = Capacity::room(&host, 85.0, 85.0, Resources { cpu_cores: 3.0, memory_bytes: 200.0 });
    /// assert!((room.cpu_cores - 4.8).abs() < 1e-9);
    /// assert!((room.memory_bytes - 450.0).abs() < 1e-9);
    /// ```
    pub fn room(host: &HostCapacity, max_cpu_percent: f64, max_memory_percent: f64, ours: Resources) -> Resources {
        let cpu_others = (host.cpu_used_cores.unwrap_or(ours.cpu_cores) - ours.cpu_cores).max(0.0);
        let memory_others = (host.memory_used_bytes as f64 - ours.memory_bytes).max(0.0);
        Resources {
            cpu_cores: (host.cpu_limit_cores * max_cpu_percent / 100.0 - cpu_others).max(0.0),
            memory_bytes: (host.memory_limit_bytes as f64 * max_memory_percent / 100.0 - memory_others).max(0.0),
        }
    }

    /// Workers of one kind that fit into `room`.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{Capacity, Resources};
    /// let room = Resources { cpu_cores: 4.8, memory_bytes: 450.0 };
    /// assert_eq!(Capacity::workers_within(room, Resources { cpu_cores: 0.5, memory_bytes: 60.0 }), 7);
    /// ```
    pub fn workers_within(room: Resources, each: Resources) -> u32 {
        let by = |room: f64, each: f64| if each > 0.0 { (room / each).floor() } else { f64::INFINITY };
        // A float beyond the integer's range becomes its bound.
        by(room.cpu_cores, each.cpu_cores).min(by(room.memory_bytes, each.memory_bytes)).max(0.0) as u32
    }
}
