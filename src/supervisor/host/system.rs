//! The whole machine's processors and memory.

use super::share::Share;
use std::time::Instant;
use sysinfo::{CpuRefreshKind, MINIMUM_CPU_UPDATE_INTERVAL, MemoryRefreshKind, RefreshKind, System};

const PERCENT: f64 = 100.0;

/// Reads the machine; its CPU use is the difference between two readings, so no reading ever waits.
pub(super) struct SystemReader {
    system: System,
    cpu_read_at: Instant,
    cpu_used_percent: Option<f64>,
}

impl SystemReader {
    /// Takes the first of the two readings; `None` where the system is unknown.
    pub(super) fn new(now: Instant) -> Option<Self> {
        let kind = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(kind).ok()?;
        Some(Self { system, cpu_read_at: now, cpu_used_percent: None })
    }

    /// Takes a further reading.
    pub(super) fn refresh(&mut self, now: Instant) {
        self.system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        // A difference over less than this would mostly be the clock's granularity.
        if now.duration_since(self.cpu_read_at) >= MINIMUM_CPU_UPDATE_INTERVAL {
            self.system.refresh_cpu_usage();
            self.cpu_read_at = now;
            self.cpu_used_percent = Some(f64::from(self.system.global_cpu_usage()));
        }
    }

    /// The processors that this process may run on; of their use the machine's average is assumed.
    pub(super) fn cores(&self) -> f64 {
        let all = self.system.cpus().len();
        allowed_processors().map_or(all, |allowed| allowed.min(all)) as f64
    }

    /// Cores in use; `None` before the second reading.
    pub(super) fn cpu_used_cores(&self) -> Option<f64> {
        self.cpu_used_percent.map(|percent| percent / PERCENT * self.cores())
    }

    /// Memory in bytes, without what the kernel would give back.
    pub(super) fn memory_bytes(&self) -> Share {
        let limit = self.system.total_memory();
        let used = limit.saturating_sub(self.system.available_memory());
        Share { limit: limit as f64, used: used as f64 }
    }
}

/// The size of this process's CPU affinity mask, which a cpuset or `taskset` made smaller than the machine.
#[cfg(target_os = "linux")]
fn allowed_processors() -> Option<usize> {
    use nix::sched::{CpuSet, sched_getaffinity};
    let allowed = sched_getaffinity(nix::unistd::Pid::from_raw(0)).ok()?;
    let count = (0..CpuSet::count()).filter(|processor| allowed.is_set(*processor).unwrap_or(false)).count();
    (count > 0).then_some(count)
}

#[cfg(not(target_os = "linux"))]
fn allowed_processors() -> Option<usize> {
    None
}
