//! The section `limits`: at the root what all workers together may take, and anywhere what one worker is assumed to.

use super::range::Range;
use super::report::Report;
use super::section::Section;
use crate::config::{Limits, PoolSettings};

const BYTES_PER_MEGABYTE: f64 = 1_048_576.0;

const WORKER_KEYS: [&str; 2] = ["worker_cpu_cores", "worker_memory_mb"];

const ROOT_KEYS: [&str; 5] =
    ["max_cpu_percent", "max_memory_percent", "max_total_workers", "worker_cpu_cores", "worker_memory_mb"];

/// Reads the section at the root.
pub(super) fn read_limits(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) -> Limits {
    let section = section.clone().only(&ROOT_KEYS, report);
    let mut limits = Limits::default();
    section.number("max_cpu_percent", &Range::CPU_LIMIT_PERCENT, &mut limits.max_cpu_percent, report);
    section.number("max_memory_percent", &Range::MEMORY_LIMIT_PERCENT, &mut limits.max_memory_percent, report);
    if section.given("max_total_workers").is_some() {
        let mut workers = 0;
        section.count("max_total_workers", &Range::MAX_WORKERS, &mut workers, report);
        limits.max_total_workers = Some(workers);
    }
    read_worker(&section, settings, report);
    limits
}

/// Changes what one worker is assumed to use, where the section of a queue, a group or a profile says so.
pub(super) fn read_worker_limits(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    let section = section.clone().only(&WORKER_KEYS, report);
    read_worker(&section, settings, report);
}

fn read_worker(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    section.number("worker_cpu_cores", &Range::CORES, &mut settings.worker_cpu_cores, report);
    let mut megabytes = settings.worker_memory_bytes as f64 / BYTES_PER_MEGABYTE;
    section.number("worker_memory_mb", &Range::MEGABYTES, &mut megabytes, report);
    settings.worker_memory_bytes = (megabytes * BYTES_PER_MEGABYTE) as u64;
}
