//! The whole machine as Linux tells it.
//!
//! Source: Linux documentation, filesystems/proc.rst ("/proc/stat" and "/proc/meminfo").

use super::share::Share;
use std::path::{Path, PathBuf};

const BYTES_PER_KIB: f64 = 1024.0;

/// The columns of /proc/stat that add up to all of the time: user, nice, system, idle, iowait, irq, softirq, steal. What guests
/// use, which comes after, is in the first two already.
const ALL_COLUMNS: usize = 8;

/// Among them, those in which a processor had nothing to do.
const IDLE_COLUMNS: [usize; 2] = [3, 4];

pub(super) struct Machine {
    proc: PathBuf,
    cpu_before: CpuTime,
}

/// Since the machine's start, over all processors, in the kernel's ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CpuTime {
    busy: f64,
    all: f64,
}

impl Machine {
    /// `None` where the machine tells nothing of itself.
    pub(super) fn new() -> Option<Self> {
        Self::under(Path::new("/proc"))
    }

    fn under(proc: &Path) -> Option<Self> {
        let (cpu_before, _) = cpu(&std::fs::read_to_string(proc.join("stat")).ok()?)?;
        Some(Self { proc: proc.to_owned(), cpu_before })
    }

    /// Processors, and the share of their time in use since this was asked before; no share where no time has passed.
    pub(super) fn processors(&mut self) -> Option<(usize, Option<f64>)> {
        let (now, processors) = cpu(&std::fs::read_to_string(self.proc.join("stat")).ok()?)?;
        let before = std::mem::replace(&mut self.cpu_before, now);
        let all = now.all - before.all;
        let share = (all > 0.0).then(|| ((now.busy - before.busy) / all).clamp(0.0, 1.0));
        Some((processors, share))
    }

    /// Memory in bytes, without what the kernel would give back.
    pub(super) fn memory_bytes(&mut self) -> Option<Share> {
        memory(&std::fs::read_to_string(self.proc.join("meminfo")).ok()?)
    }
}

/// What /proc/stat says: the time of all processors together, and their number.
fn cpu(stat: &str) -> Option<(CpuTime, usize)> {
    let columns = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let columns: Vec<f64> = columns.split_whitespace().take(ALL_COLUMNS).map_while(|text| text.parse().ok()).collect();
    let all: f64 = columns.iter().sum();
    let idle: f64 = IDLE_COLUMNS.iter().filter_map(|column| columns.get(*column)).sum();
    let is_processor = |line: &&str| {
        line.strip_prefix("cpu").is_some_and(|rest| rest.starts_with(|character: char| character.is_ascii_digit()))
    };
    let processors = stat.lines().filter(is_processor).count();
    (columns.len() > IDLE_COLUMNS[1] && processors > 0).then_some((CpuTime { busy: all - idle, all }, processors))
}

/// What /proc/meminfo says.
fn memory(meminfo: &str) -> Option<Share> {
    let bytes = |name: &str| -> Option<f64> {
        let rest = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        rest.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * BYTES_PER_KIB)
    };
    let limit = bytes("MemTotal")?;
    let available = bytes("MemAvailable")?;
    Some(Share { limit, used: (limit - available).max(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "cpu  100 10 50 800 40 0 0 0 30 0\ncpu0 50 5 25 400 20 0 0 0 15 0\ncpu1 50 5 25 400 20 0 0 0 15 0\n\
                        intr 123 4\nctxt 5\nprocs_running 2\n";

    const MEMINFO: &str =
        "MemTotal:       2048 kB\nMemFree:         100 kB\nMemAvailable:   1536 kB\nCached:          900 kB\n";

    #[test]
    fn time_in_use_is_all_but_idle_and_waiting_for_disks() {
        assert_eq!(cpu(STAT), Some((CpuTime { busy: 160.0, all: 1000.0 }, 2)));
    }

    #[test]
    fn memory_that_the_kernel_would_give_back_is_not_in_use() {
        assert_eq!(memory(MEMINFO), Some(Share { limit: 2_097_152.0, used: 524_288.0 }));
    }

    #[test]
    fn what_is_not_told_is_not_made_up() {
        assert_eq!(cpu(""), None);
        assert_eq!(cpu("cpu  1 2\ncpu0 1 2\n"), None);
        assert_eq!(cpu("cpu  100 10 50 800 40 0 0 0\n"), None);
        assert_eq!(memory("MemTotal:       2048 kB\n"), None);
        assert_eq!(memory("MemTotal:       many kB\nMemAvailable:   1536 kB\n"), None);
    }

    #[test]
    fn the_share_in_use_is_the_difference_of_two_readings() {
        let proc = std::env::temp_dir().join(format!("queue-autoscale-{}-proc", std::process::id()));
        std::fs::create_dir_all(&proc).unwrap();
        std::fs::write(proc.join("stat"), STAT).unwrap();
        let mut machine = Machine::under(&proc).unwrap();

        assert_eq!(machine.processors(), Some((2, None)));

        std::fs::write(proc.join("stat"), STAT.replace("cpu  100 10 50 800", "cpu  175 10 50 825")).unwrap();

        assert_eq!(machine.processors(), Some((2, Some(0.75))));

        std::fs::remove_dir_all(&proc).unwrap();
        assert_eq!(machine.processors(), None);
        assert_eq!(machine.memory_bytes(), None);
    }

    #[test]
    fn this_machine_tells_both() {
        let mut machine = Machine::new().unwrap();

        assert!(machine.processors().unwrap().0 > 0);
        let memory = machine.memory_bytes().unwrap();
        assert!(memory.used > 0.0 && memory.used < memory.limit, "{memory:?}");
    }
}
