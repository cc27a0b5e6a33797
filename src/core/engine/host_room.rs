//! What the host leaves to all workers together.

use crate::calculators::{Capacity, HostCapacity, Resources};
use crate::config::Limits;

/// What a sum of workers' shares may be off by for rounding, as a share of it.
const ROUNDING: f64 = 1e-9;

/// The room for workers, as of the last cycle.
///
/// The limit of the CPU keeps workers from being started and takes none away: what others use jumps with every short task on the
/// host, a job that runs is merely slower for it, and a backlog would only become later. Memory takes workers away, since whoever
/// uses more than there is gets killed.
#[derive(Clone, Debug)]
pub struct HostRoom {
    /// Less what others use.
    beside_others: Resources,
    /// What is not in use by anybody, in cores.
    spare_cores: f64,
}

impl Default for HostRoom {
    fn default() -> Self {
        Self { beside_others: Resources::UNLIMITED, spare_cores: f64::INFINITY }
    }
}

impl HostRoom {
    /// Takes in what the host has and uses, `ours` of it the workers; no host bounds nothing.
    pub fn observe(&mut self, host: Option<&HostCapacity>, ours: Resources, limits: &Limits) {
        let Some(host) = host else {
            *self = Self::default();
            return;
        };
        self.beside_others = Capacity::room(host, limits.max_cpu_percent, limits.max_memory_percent, ours);
        // Before a second reading it is not known what is in use; what the workers use is.
        self.spare_cores = (self.beside_others.cpu_cores - ours.cpu_cores).max(0.0);
    }

    /// The room to share out. `running`: what the workers that run are planned to take; `kept`: the same of those that are
    /// wanted still. Workers may take more than planned, so what is in use bounds as well what is added.
    pub fn for_workers(&self, running: Resources, kept: Resources) -> Resources {
        let cpu_cores = self.beside_others.cpu_cores.min(running.cpu_cores + self.spare_cores);
        Resources { cpu_cores: cpu_cores.max(kept.cpu_cores * (1.0 + ROUNDING)), ..self.beside_others }
    }
}

#[cfg(test)]
mod tests {
    use super::HostRoom;
    use crate::calculators::{HostCapacity, Resources};
    use crate::config::Limits;

    fn cores(cpu_cores: f64) -> Resources {
        Resources { cpu_cores, memory_bytes: 0.0 }
    }

    /// Of a host with ten cores of which eight may be used.
    fn room(used: f64, ours: f64) -> HostRoom {
        let mut room = HostRoom::default();
        let host = HostCapacity {
            cpu_limit_cores: 10.0,
            cpu_used_cores: Some(used),
            memory_limit_bytes: 1 << 30,
            memory_used_bytes: 0,
        };
        room.observe(Some(&host), cores(ours), &Limits { max_cpu_percent: 80.0, ..Limits::default() });
        room
    }

    #[test]
    fn what_others_use_is_not_for_workers() {
        assert_eq!(room(5.0, 3.0).for_workers(cores(3.0), cores(3.0)).cpu_cores, 6.0);
        // Workers that use little now may use what they are planned to take.
        assert_eq!(room(2.0, 0.0).for_workers(cores(3.0), cores(3.0)).cpu_cores, 6.0);
    }

    #[test]
    fn nobody_is_added_to_a_cpu_that_workers_have_filled_by_taking_more_than_planned() {
        assert!((room(9.0, 8.0).for_workers(cores(4.0), cores(4.0)).cpu_cores - 4.0).abs() < 1e-6);
        assert_eq!(room(7.0, 6.0).for_workers(cores(4.0), cores(4.0)).cpu_cores, 5.0);
    }

    #[test]
    fn those_who_run_and_are_wanted_stay_whatever_others_use() {
        let room = room(10.0, 4.0).for_workers(cores(4.0), cores(3.0));
        assert!((3.0..3.1).contains(&room.cpu_cores), "{room:?}");
    }
}
