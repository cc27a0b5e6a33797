//! The whole machine's processors and memory.

#[cfg(target_os = "linux")]
use super::machine_linux::Machine;
#[cfg(not(target_os = "linux"))]
use super::machine_other::Machine;
use super::share::Share;
use std::time::{Duration, Instant};

/// Kernels count CPU time in ticks of 1 to 10 ms; over less than 20 of the longer ones, a difference would mostly be their rounding.
const LEAST_TIME_BETWEEN_CPU_READINGS: Duration = Duration::from_millis(200);

/// Reads the machine; its CPU use is the difference between two readings, so no reading ever waits.
pub(super) struct SystemReader {
    machine: Machine,
    processors: usize,
    memory_bytes: Share,
    cpu_read_at: Instant,
    cpu_used_share: Option<f64>,
}

impl SystemReader {
    /// Takes the first of the two readings; `None` where the system is unknown.
    pub(super) fn new(now: Instant) -> Option<Self> {
        let mut machine = Machine::new()?;
        let (processors, _) = machine.processors()?;
        let memory_bytes = machine.memory_bytes()?;
        Some(Self { machine, processors, memory_bytes, cpu_read_at: now, cpu_used_share: None })
    }

    /// Takes a further reading; `None` where the system tells nothing any more.
    pub(super) fn refresh(&mut self, now: Instant) -> Option<()> {
        self.memory_bytes = self.machine.memory_bytes()?;
        if now.duration_since(self.cpu_read_at) >= LEAST_TIME_BETWEEN_CPU_READINGS {
            let (processors, used_share) = self.machine.processors()?;
            self.processors = processors;
            self.cpu_used_share = used_share.or(self.cpu_used_share);
            self.cpu_read_at = now;
        }
        Some(())
    }

    /// The processors that this process may run on; of their use the machine's average is assumed.
    pub(super) fn cores(&self) -> f64 {
        allowed_processors().map_or(self.processors, |allowed| allowed.min(self.processors)) as f64
    }

    /// Cores in use; `None` before the second reading.
    pub(super) fn cpu_used_cores(&self) -> Option<f64> {
        self.cpu_used_share.map(|share| share * self.cores())
    }

    /// Memory in bytes, without what the kernel would give back.
    pub(super) fn memory_bytes(&self) -> Share {
        self.memory_bytes
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
