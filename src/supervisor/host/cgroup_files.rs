//! The files of one control group, version 1 and 2. A file that is not there sets no limit.
//!
//! Source: Linux documentation, admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst and scheduler/sched-bwc.rst.

use super::HostError;
use super::share::Share;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const MICROSECONDS_PER_SECOND: f64 = 1e6;
const NANOSECONDS_PER_SECOND: f64 = 1e9;

/// What version 2 writes where there is no limit.
const UNLIMITED: &str = "max";

/// A CPU quota and the CPU time used so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CpuQuota {
    pub(super) limit_cores: f64,
    /// `None` where nobody accounts for it.
    pub(super) used_seconds_total: Option<f64>,
}

/// The CPU quota of a group of version 2.
pub(super) fn cpu_v2(group: &Path) -> Result<Option<CpuQuota>, HostError> {
    let path = group.join("cpu.max");
    let Some(content) = read(&path)? else {
        return Ok(None);
    };
    let mut fields = content.split_whitespace();
    let (quota, period) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    if quota == UNLIMITED {
        return Ok(None);
    }
    let (Ok(quota), Ok(period)) = (quota.parse::<f64>(), period.parse::<f64>()) else {
        return Err(malformed(&path, &content, "a quota and a period"));
    };
    if period <= 0.0 {
        return Err(malformed(&path, &content, "a period above 0"));
    }
    let used = named_number(&group.join("cpu.stat"), "usage_usec")?;
    Ok(Some(CpuQuota {
        limit_cores: quota / period,
        used_seconds_total: used.map(|microseconds| microseconds / MICROSECONDS_PER_SECOND),
    }))
}

/// The CPU quota of a group of version 1; `accounting` is its folder in the hierarchy of `cpuacct`, where that is mounted.
pub(super) fn cpu_v1(group: &Path, accounting: Option<&Path>) -> Result<Option<CpuQuota>, HostError> {
    let (Some(quota), Some(period)) =
        (number(&group.join("cpu.cfs_quota_us"))?, number(&group.join("cpu.cfs_period_us"))?)
    else {
        return Ok(None);
    };
    // -1 stands for no quota.
    if quota <= 0.0 || period <= 0.0 {
        return Ok(None);
    }
    let used = accounting.map(|folder| number(&folder.join("cpuacct.usage"))).transpose()?.flatten();
    Ok(Some(CpuQuota {
        limit_cores: quota / period,
        used_seconds_total: used.map(|nanoseconds| nanoseconds / NANOSECONDS_PER_SECOND),
    }))
}

/// The memory of a group of version 2: beyond `memory.high` it is slowed down, beyond `memory.max` killed.
pub(super) fn memory_v2(group: &Path) -> Result<Option<Share>, HostError> {
    let limits = [number(&group.join("memory.max"))?, number(&group.join("memory.high"))?];
    let Some(limit) = limits.into_iter().flatten().min_by(f64::total_cmp) else {
        return Ok(None);
    };
    let usage = number(&group.join("memory.current"))?.unwrap_or_default();
    let reclaimable = named_number(&group.join("memory.stat"), "inactive_file")?.unwrap_or_default();
    Ok(Some(Share { limit, used: (usage - reclaimable).max(0.0) }))
}

/// The memory of a group of version 1. "No limit" is a number of about 2^63 there, which the host's memory undercuts.
pub(super) fn memory_v1(group: &Path) -> Result<Option<Share>, HostError> {
    let Some(limit) = number(&group.join("memory.limit_in_bytes"))? else {
        return Ok(None);
    };
    let usage = number(&group.join("memory.usage_in_bytes"))?.unwrap_or_default();
    let reclaimable = named_number(&group.join("memory.stat"), "total_inactive_file")?.unwrap_or_default();
    Ok(Some(Share { limit, used: (usage - reclaimable).max(0.0) }))
}

/// The number that is the whole file; `None` for "max" or no file.
fn number(path: &Path) -> Result<Option<f64>, HostError> {
    match read(path)? {
        Some(content) if content.trim() != UNLIMITED => {
            content.trim().parse().map(Some).map_err(|_| malformed(path, &content, "a number or \"max\""))
        }
        _ => Ok(None),
    }
}

/// The number behind `name` in a file of names and numbers.
fn named_number(path: &Path, name: &str) -> Result<Option<f64>, HostError> {
    let Some(content) = read(path)? else {
        return Ok(None);
    };
    let line = content.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|number| number.trim().parse().map_err(|_| malformed(path, number, "a number"))).transpose()
}

fn read(path: &Path) -> Result<Option<String>, HostError> {
    match std::fs::read_to_string(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(HostError::Unreadable { path: PathBuf::from(path), source }),
    }
}

fn malformed(path: &Path, content: &str, expected: &'static str) -> HostError {
    HostError::Malformed { path: PathBuf::from(path), content: content.trim().to_owned(), expected }
}
