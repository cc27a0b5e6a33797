//! What the host leaves to all workers together.

use crate::calculators::{Capacity, HostCapacity, LastingUse, Resources};
use crate::config::Limits;

/// The room for workers, as of the last turn.
///
/// What others use of the CPU is known by a difference of two readings that are never of quite the same time, and jumps with
/// every short task on the host. A peak keeps workers from being started; it takes none away that are in a job, since
/// starting them again would cost more than sharing the cores for a moment. That takes a use that lasts.
#[derive(Clone, Debug)]
pub struct HostRoom {
    others: LastingUse,
    now: Resources,
    lasting: Resources,
}

impl Default for HostRoom {
    fn default() -> Self {
        Self { others: LastingUse::default(), now: Resources::UNLIMITED, lasting: Resources::UNLIMITED }
    }
}

impl HostRoom {
    /// Takes in what the host has and uses, `ours` of it the workers; no host bounds nothing.
    pub fn observe(&mut self, now_seconds: f64, host: Option<&HostCapacity>, ours: Resources, limits: &Limits) {
        let Some(host) = host else {
            (self.now, self.lasting) = (Resources::UNLIMITED, Resources::UNLIMITED);
            return;
        };
        let room = |host| Capacity::room(host, limits.max_cpu_percent, limits.max_memory_percent, ours);
        self.now = room(host);
        let others = self.others.observe(now_seconds, Capacity::cpu_used_by_others(host, ours));
        let used = ours.cpu_cores + others;
        self.lasting = room(&HostCapacity { cpu_used_cores: Some(used), ..*host });
        // Never less, however it is rounded.
        self.lasting.cpu_cores = self.lasting.cpu_cores.max(self.now.cpu_cores);
    }

    /// With what others use just now: the room to start workers in.
    pub fn now(&self) -> Resources {
        self.now
    }

    /// With what others have used all along: the room that workers in a job may keep.
    pub fn lasting(&self) -> Resources {
        self.lasting
    }
}
