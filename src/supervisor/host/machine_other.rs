//! The whole machine where it is not Linux.

use super::share::Share;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

const PERCENT: f64 = 100.0;

pub(super) struct Machine {
    system: System,
}

impl Machine {
    /// `None` where the machine tells nothing of itself.
    pub(super) fn new() -> Option<Self> {
        let kind = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_cpu_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        sysinfo::IS_SUPPORTED_SYSTEM.then(|| Self { system: System::new_with_specifics(kind) })
    }

    /// Processors, and the share of their time in use since this was asked before.
    pub(super) fn processors(&mut self) -> Option<(usize, Option<f64>)> {
        self.system.refresh_cpu_usage();
        Some((self.system.cpus().len(), Some(f64::from(self.system.global_cpu_usage()) / PERCENT)))
    }

    /// Memory in bytes, without what the kernel would give back.
    pub(super) fn memory_bytes(&mut self) -> Option<Share> {
        self.system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        let limit = self.system.total_memory();
        let used = limit.saturating_sub(self.system.available_memory());
        (limit > 0).then_some(Share { limit: limit as f64, used: used as f64 })
    }
}
