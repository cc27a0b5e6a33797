//! Reads the capacity, turn by turn.

use super::HostError;
use super::cgroup::ControlGroups;
use super::share::{Share, tightest};
use super::system::SystemReader;
use crate::calculators::HostCapacity;
use crate::config::Limits;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

const PERCENT: f64 = 100.0;

/// Reads what the host, and every control group around this process, has and uses. Never waits: CPU use is the difference
/// to the reading before, so the first reading has none.
pub struct HostMonitor {
    system: Option<SystemReader>,
    groups: ControlGroups,
    /// CPU time that each group had used, and when.
    cpu_before: HashMap<PathBuf, (Instant, f64)>,
    limits: Limits,
}

impl HostMonitor {
    /// Starts with the default limits.
    pub fn new() -> Self {
        Self::for_limits(Limits::default())
    }

    /// Starts; where several limits hold at once, `limits` says how far each may be filled and so which is the tightest.
    pub fn for_limits(limits: Limits) -> Self {
        Self::under(Path::new("/"), limits)
    }

    /// Starts with the control groups of the file system under `root`.
    fn under(root: &Path, limits: Limits) -> Self {
        let groups = ControlGroups::find(root);
        Self { system: SystemReader::new(Instant::now()), groups, cpu_before: HashMap::new(), limits }
    }

    /// The capacity now.
    ///
    /// # Errors
    ///
    /// When a control group's file cannot be read or understood, since ignoring its limit would overfill the host.
    pub fn read(&mut self) -> Result<HostCapacity, HostError> {
        self.read_at(Instant::now())
    }

    fn read_at(&mut self, now: Instant) -> Result<HostCapacity, HostError> {
        let system = self.system.as_mut().ok_or(HostError::NothingTold)?;
        system.refresh(now).ok_or(HostError::NothingTold)?;
        let cores = system.cores();
        let host_cpu = system.cpu_used_cores().map(|used| Share { limit: cores, used });
        let host_memory = system.memory_bytes();
        let (cpu_limit_cores, cpu_used_cores) = self.read_cpu(now, cores, host_cpu)?;
        let mut memory = self.groups.memory_bytes()?;
        memory.push(host_memory);
        let memory = tightest(&memory, self.limits.max_memory_percent / PERCENT).filter(|memory| memory.limit > 0.0);
        match memory {
            Some(memory) if cpu_limit_cores > 0.0 => Ok(HostCapacity {
                cpu_limit_cores,
                cpu_used_cores,
                memory_limit_bytes: memory.limit.round() as u64,
                memory_used_bytes: memory.used.round() as u64,
            }),
            _ => Err(HostError::NothingTold),
        }
    }

    /// Cores, and those in use; `None` as long as one of the limits was read only once.
    fn read_cpu(&mut self, now: Instant, cores: f64, host: Option<Share>) -> Result<(f64, Option<f64>), HostError> {
        let quotas = self.groups.cpu_quotas()?;
        let limit = quotas.iter().map(|(_, quota)| quota.limit_cores).fold(cores, f64::min);
        let mut shares = vec![host];
        let mut readings = HashMap::with_capacity(quotas.len());
        for (group, quota) in quotas {
            // A quota whose use nobody accounts for holds all the same; how much of it is used is not known then.
            let Some(used) = quota.used_seconds_total else {
                shares.push(None);
                continue;
            };
            let before = self.cpu_before.get(&group).copied();
            shares.push(before.and_then(|before| used_share(before, now, quota.limit_cores, used)));
            readings.insert(group, (now, used));
        }
        self.cpu_before = readings;
        let shares: Option<Vec<Share>> = shares.into_iter().collect();
        let joined = shares.and_then(|shares| tightest(&shares, self.limits.max_cpu_percent / PERCENT));
        Ok((limit, joined.map(|share| share.used)))
    }
}

impl Default for HostMonitor {
    fn default() -> Self {
        Self::new()
    }
}

/// What was used between two readings; `None` where no time lies between them.
fn used_share(before: (Instant, f64), now: Instant, limit: f64, used_seconds_total: f64) -> Option<Share> {
    let (at, used_before) = before;
    let elapsed_seconds = now.duration_since(at).as_secs_f64();
    (elapsed_seconds > 0.0)
        .then(|| Share { limit, used: (used_seconds_total - used_before).max(0.0) / elapsed_seconds })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const MIB: u64 = 1024 * 1024;

    /// A file system of its own that holds nothing but control groups.
    struct FakeRoot(PathBuf);

    impl FakeRoot {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("queue-autoscale-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn write(&self, path: &str, content: &str) -> &Self {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
            self
        }

        fn monitor(&self) -> HostMonitor {
            HostMonitor::under(&self.0, Limits::default())
        }
    }

    impl Drop for FakeRoot {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn version_2(name: &str) -> FakeRoot {
        let root = FakeRoot::new(name);
        root.write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n")
            .write("proc/self/cgroup", "0::/app.slice/queue\n")
            .write("sys/fs/cgroup/app.slice/queue/cpu.max", "max 100000\n");
        root
    }

    fn version_1(name: &str) -> FakeRoot {
        let root = FakeRoot::new(name);
        root.write(
            "proc/self/mountinfo",
            "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n\
             35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
        )
        .write("proc/self/cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n");
        root
    }

    /// Linux counts its processors' time in ticks; within one of them a reading has no difference to the one before.
    fn wait_for_a_tick() {
        let told = || Some(std::fs::read_to_string("/proc/stat").ok()?.lines().next()?.to_owned());
        let (before, deadline) = (told(), Instant::now() + Duration::from_secs(5));
        while before.is_some() && told() == before {
            assert!(Instant::now() < deadline, "the processors' time stands still");
            std::thread::yield_now();
        }
    }

    #[test]
    fn this_very_host_is_read_and_its_cpu_from_the_second_reading_on() {
        let mut monitor = HostMonitor::new();
        let first = monitor.read().unwrap();
        assert_eq!(first.cpu_used_cores, None);
        assert!(first.cpu_limit_cores > 0.0 && first.memory_limit_bytes > first.memory_used_bytes);
        wait_for_a_tick();
        let second = monitor.read_at(Instant::now() + Duration::from_secs(1)).unwrap();
        assert!(second.cpu_used_cores.is_some_and(|used| used >= 0.0), "{second:?}");
    }

    #[test]
    fn the_smallest_cpu_quota_around_the_process_is_the_limit() {
        let root = version_2("quota-v2");
        root.write("sys/fs/cgroup/app.slice/queue/cpu.max", "150000 100000\n")
            .write("sys/fs/cgroup/app.slice/cpu.max", "50000 100000\n");
        assert_eq!(root.monitor().read().unwrap().cpu_limit_cores, 0.5);
    }

    #[test]
    fn cpu_use_is_the_groups_own_where_its_quota_is_the_tightest() {
        let root = version_2("use-v2");
        root.write("sys/fs/cgroup/app.slice/queue/cpu.max", "1000 100000\n")
            .write("sys/fs/cgroup/app.slice/queue/cpu.stat", "usage_usec 1000000\nuser_usec 5\n");
        let mut monitor = root.monitor();
        let start = Instant::now();
        assert_eq!(monitor.read_at(start).unwrap().cpu_used_cores, None);
        root.write("sys/fs/cgroup/app.slice/queue/cpu.stat", "usage_usec 1090000\nuser_usec 5\n");
        wait_for_a_tick();
        let used = monitor.read_at(start + Duration::from_secs(10)).unwrap().cpu_used_cores.unwrap();
        assert!(used >= 0.0089, "{used}");
    }

    #[test]
    fn the_smallest_memory_limit_around_the_process_counts_without_reclaimable_cache() {
        let root = version_2("memory-v2");
        root.write("sys/fs/cgroup/app.slice/queue/memory.max", "max\n")
            .write("sys/fs/cgroup/app.slice/memory.max", &format!("{}\n", 96 * MIB))
            .write("sys/fs/cgroup/app.slice/memory.high", &format!("{}\n", 64 * MIB))
            .write("sys/fs/cgroup/app.slice/memory.current", &format!("{}\n", 60 * MIB))
            .write("sys/fs/cgroup/app.slice/memory.stat", &format!("anon 1\ninactive_file {}\n", 20 * MIB));
        let capacity = root.monitor().read().unwrap();
        assert_eq!((capacity.memory_limit_bytes, capacity.memory_used_bytes), (64 * MIB, 40 * MIB));
    }

    #[test]
    fn version_1_is_read_as_well() {
        let root = version_1("v1");
        root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "25000\n")
            .write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
            .write("sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", "1000000000\n")
            .write("sys/fs/cgroup/memory/memory.limit_in_bytes", &format!("{}\n", 64 * MIB))
            .write("sys/fs/cgroup/memory/memory.usage_in_bytes", &format!("{}\n", 50 * MIB))
            .write("sys/fs/cgroup/memory/memory.stat", &format!("inactive_file 1\ntotal_inactive_file {}\n", 10 * MIB));
        let capacity = root.monitor().read().unwrap();
        assert_eq!(capacity.cpu_limit_cores, 0.25);
        assert_eq!((capacity.memory_limit_bytes, capacity.memory_used_bytes), (64 * MIB, 40 * MIB));
    }

    #[test]
    fn a_quota_of_version_1_holds_without_accounting_too() {
        let root = FakeRoot::new("v1-no-cpuacct");
        root.write("proc/self/mountinfo", "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n")
            .write("proc/self/cgroup", "2:cpu:/docker/abc\n")
            .write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000\n")
            .write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        let mut monitor = root.monitor();
        let start = Instant::now();
        monitor.read_at(start).unwrap();
        let capacity = monitor.read_at(start + Duration::from_secs(10)).unwrap();
        assert_eq!((capacity.cpu_limit_cores, capacity.cpu_used_cores), (0.25, None));
    }

    #[test]
    fn no_limit_in_version_1_leaves_the_hosts() {
        let root = version_1("v1-unlimited");
        root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n")
            .write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
            .write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        let (limited, whole) = (root.monitor().read().unwrap(), FakeRoot::new("bare").monitor().read().unwrap());
        assert_eq!(limited.cpu_limit_cores, whole.cpu_limit_cores);
        assert_eq!(limited.memory_limit_bytes, whole.memory_limit_bytes);
    }

    #[test]
    fn a_limit_that_cannot_be_understood_is_an_error_with_its_file() {
        let root = version_2("malformed");
        root.write("sys/fs/cgroup/app.slice/memory.max", "plenty\n");
        let message = root.monitor().read().unwrap_err().to_string();
        assert!(
            message.ends_with("app.slice/memory.max: \"plenty\" where a number or \"max\" was expected"),
            "{message}"
        );
    }

    #[test]
    fn readings_without_time_between_them_say_nothing_of_the_cpu() {
        let mut monitor = HostMonitor::new();
        let used: Vec<_> = (0..3).map(|_| monitor.read().unwrap().cpu_used_cores).collect();
        assert_eq!(used, [None; 3]);
    }
}
