//! What worker processes take of the host: read from `/proc`, learned for each pool. Elsewhere than on Linux unknown.

use std::time::Instant;

/// What one process uses at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcessUsage {
    /// When this was read.
    pub read_at: Instant,
    /// CPU time used since the process began, in seconds.
    pub cpu_seconds: f64,
    /// Resident memory, in bytes.
    pub memory_bytes: u64,
    /// Whether the process is stopped by a signal or a debugger.
    pub is_stopped: bool,
    /// Whether it has ended and was not reaped.
    pub is_zombie: bool,
    /// How often it has run on a CPU; `None` where the kernel does not count.
    pub runs: Option<u64>,
}

/// What is read of `/proc/PID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    state: u8,
    /// The process group that it belongs to.
    pub process_group: i32,
    /// The session that it belongs to.
    pub session: i32,
    /// When it was started, in ticks since the host was.
    pub start_ticks: u64,
    cpu_ticks: u64,
    resident_pages: u64,
}

/// Reads what the process uses; `None` if it is gone or the platform does not tell.
pub fn read_usage(pid: i32) -> Option<ProcessUsage> {
    if cfg!(not(target_os = "linux")) {
        return None;
    }
    let stat = read_stat(pid)?;
    Some(ProcessUsage {
        read_at: Instant::now(),
        cpu_seconds: stat.cpu_ticks as f64 / system_value(libc::_SC_CLK_TCK)? as f64,
        memory_bytes: stat.resident_pages.saturating_mul(system_value(libc::_SC_PAGESIZE)?),
        is_stopped: matches!(stat.state, b'T' | b't'),
        is_zombie: stat.is_zombie(),
        runs: read_runs(pid),
    })
}

/// Reads `/proc/PID/stat`; `None` if the process is gone.
pub fn read_stat(pid: i32) -> Option<Stat> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse_stat(&String::from_utf8_lossy(&text))
}

/// The third number of `/proc/PID/schedstat`.
fn read_runs(pid: i32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    text.split_ascii_whitespace().nth(2)?.parse().ok()
}

impl Stat {
    /// Whether the process has ended but was not reaped.
    pub fn is_zombie(&self) -> bool {
        self.state == b'Z'
    }
}

fn system_value(name: libc::c_int) -> Option<u64> {
    // SAFETY: reads a constant of the system.
    u64::try_from(unsafe { libc::sysconf(name) }).ok().filter(|value| *value > 0)
}

/// Field numbers as in proc(5), counted from the state, which is the third: the name before it may contain anything.
fn parse_stat(text: &str) -> Option<Stat> {
    const STATE: usize = 3;
    const PROCESS_GROUP: usize = 5;
    const SESSION: usize = 6;
    const USER_TICKS: usize = 14;
    const SYSTEM_TICKS: usize = 15;
    const START_TICKS: usize = 22;
    const RESIDENT_PAGES: usize = 24;

    let (_, after_name) = text.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_ascii_whitespace().collect();
    let number = |field: usize| fields.get(field - STATE)?.parse::<u64>().ok();
    Some(Stat {
        state: *fields.first()?.as_bytes().first()?,
        process_group: fields.get(PROCESS_GROUP - STATE)?.parse().ok()?,
        session: fields.get(SESSION - STATE)?.parse().ok()?,
        start_ticks: number(START_TICKS)?,
        cpu_ticks: number(USER_TICKS)?.checked_add(number(SYSTEM_TICKS)?)?,
        resident_pages: number(RESIDENT_PAGES)?,
    })
}

/// Share of the older evidence that a new reading leaves: what a pool's jobs cost may change within minutes.
const KEPT_SHARE: f64 = 0.9;

/// Least busy time that a CPU figure is drawn from, in seconds: the kernel counts in hundredths.
const LEAST_BUSY_SECONDS: f64 = 1.0;

/// What one pool's workers have been seen to need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Footprint {
    cpu_seconds: f64,
    busy_seconds: f64,
    memory_bytes: Option<u64>,
    cpu_used_cores: f64,
    memory_used_bytes: u64,
}

/// What the pool's workers used between two readings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PoolReading {
    /// Time between the readings, in seconds.
    pub elapsed_seconds: f64,
    /// CPU time used meanwhile, in seconds.
    pub cpu_seconds: f64,
    /// Time spent in jobs meanwhile, by all workers together, in seconds.
    pub busy_seconds: f64,
    /// Resident memory of all of them now, in bytes.
    pub memory_bytes: u64,
    /// Resident memory of those that have booted, in bytes.
    pub booted_memory_bytes: u64,
    /// How many have booted.
    pub booted: u64,
}

impl Footprint {
    /// Takes in a reading.
    pub fn learn(&mut self, reading: &PoolReading) {
        self.memory_used_bytes = reading.memory_bytes;
        self.cpu_used_cores =
            if reading.elapsed_seconds > 0.0 { reading.cpu_seconds / reading.elapsed_seconds } else { 0.0 };
        if reading.busy_seconds > 0.0 {
            self.cpu_seconds = self.cpu_seconds * KEPT_SHARE + reading.cpu_seconds;
            self.busy_seconds = self.busy_seconds * KEPT_SHARE + reading.busy_seconds;
        }
        if let Some(mean) = reading.booted_memory_bytes.checked_div(reading.booted) {
            self.memory_bytes = Some(mean);
        }
    }

    /// CPU of one busy worker, in cores.
    pub fn worker_cpu_cores(&self) -> Option<f64> {
        (self.busy_seconds >= LEAST_BUSY_SECONDS).then(|| self.cpu_seconds / self.busy_seconds)
    }

    /// Resident memory of one worker, in bytes.
    pub fn worker_memory_bytes(&self) -> Option<u64> {
        self.memory_bytes
    }

    /// CPU that all used together at the last reading, in cores.
    pub fn cpu_used_cores(&self) -> f64 {
        self.cpu_used_cores
    }

    /// Resident memory of all at the last reading, in bytes.
    pub fn memory_used_bytes(&self) -> u64 {
        self.memory_used_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{Footprint, PoolReading, Stat, parse_stat, read_usage};

    #[test]
    fn a_process_name_with_blanks_and_brackets_does_not_confuse() {
        let line =
            "42 (php) S (x) 7) R 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 9000 200000000 8192 18446744";
        assert_eq!(
            parse_stat(line),
            Some(Stat {
                state: b'R',
                process_group: 42,
                session: 42,
                start_ticks: 9000,
                cpu_ticks: 300,
                resident_pages: 8192
            })
        );
        assert_eq!(parse_stat("42 (php) R 1"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_can_be_read() {
        let usage = read_usage(std::process::id().cast_signed()).unwrap();
        assert!(usage.memory_bytes > 1024 * 1024);
        assert!(!usage.is_stopped);
    }

    #[test]
    fn cpu_of_a_busy_worker_is_cpu_time_by_busy_time() {
        let mut footprint = Footprint::default();
        assert_eq!(footprint.worker_cpu_cores(), None);
        for _ in 0..100 {
            footprint.learn(&PoolReading {
                elapsed_seconds: 5.0,
                cpu_seconds: 3.0,
                busy_seconds: 10.0,
                memory_bytes: 100,
                booted_memory_bytes: 90,
                booted: 3,
            });
        }
        assert!((footprint.worker_cpu_cores().unwrap() - 0.3).abs() < 1e-9);
        assert!((footprint.cpu_used_cores() - 0.6).abs() < 1e-9);
        assert_eq!(footprint.worker_memory_bytes(), Some(30));
    }

    #[test]
    fn a_pool_without_workers_keeps_what_it_learned() {
        let mut footprint = Footprint::default();
        let reading =
            PoolReading { elapsed_seconds: 5.0, booted_memory_bytes: 90, booted: 3, ..PoolReading::default() };
        footprint.learn(&reading);
        footprint.learn(&PoolReading { elapsed_seconds: 5.0, ..PoolReading::default() });
        assert_eq!(footprint.worker_memory_bytes(), Some(30));
        assert_eq!(footprint.memory_used_bytes(), 0);
    }
}
