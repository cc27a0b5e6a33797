//! Many hosts' workers and capacities as one engine sees them.

use super::counters::Counters;
use crate::calculators::HostCapacity;
use crate::config::PoolId;
use crate::engine::PoolWorkers;
use std::collections::BTreeMap;

/// The whole cluster at one instant, as [`crate::engine::Turn`] takes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterTurn {
    /// Each pool's workers on all hosts, in the order of the pools.
    pub workers: Vec<PoolWorkers>,
    /// What all hosts have and use together; `None` where there is no host, or one that bounds nothing.
    pub host: Option<HostCapacity>,
}

/// Sums workers of the same pool: counts and use by addition, what was measured of one worker by its mean over workers,
/// the longest job by its maximum, totals as `counters` has them.
pub(super) fn merge_workers<'a>(
    all: impl Iterator<Item = &'a PoolWorkers>,
    counters: &Counters,
) -> BTreeMap<PoolId, PoolWorkers> {
    let mut sums: BTreeMap<PoolId, Sum> = BTreeMap::new();
    for workers in all {
        match sums.get_mut(&workers.pool) {
            Some(sum) => sum.add(workers),
            None => {
                let mut sum = Sum::of(workers.pool.clone());
                sum.add(workers);
                sums.insert(workers.pool.clone(), sum);
            }
        }
    }
    sums.into_iter()
        .map(|(pool, sum)| {
            let merged = sum.finish(counters);
            (pool, merged)
        })
        .collect()
}

/// Adds up capacities, given each host's with the cores that its workers use. Where nobody knows yet what a host uses, it
/// is taken for what its workers do. `None` where there is no host, or one that bounds nothing.
pub(super) fn merge_capacities(hosts: impl Iterator<Item = (Option<HostCapacity>, f64)>) -> Option<HostCapacity> {
    let known = hosts.map(|(host, ours_cpu_cores)| {
        host.map(|host| HostCapacity { cpu_used_cores: host.cpu_used_cores.or(Some(ours_cpu_cores)), ..host })
    });
    let add = |sum: Option<HostCapacity>, host: Option<HostCapacity>| {
        let (sum, host) = (sum?, host?);
        Some(HostCapacity {
            cpu_limit_cores: sum.cpu_limit_cores + host.cpu_limit_cores,
            cpu_used_cores: sum.cpu_used_cores.zip(host.cpu_used_cores).map(|(one, other)| one + other),
            memory_limit_bytes: sum.memory_limit_bytes.saturating_add(host.memory_limit_bytes),
            memory_used_bytes: sum.memory_used_bytes.saturating_add(host.memory_used_bytes),
        })
    };
    known.reduce(add).flatten()
}

/// One pool's workers, being added up.
struct Sum {
    merged: PoolWorkers,
    all_tell_jobs: bool,
    all_tell_outcomes: bool,
    boot_seconds: Mean,
    worker_cpu_cores: Mean,
    worker_memory_bytes: Mean,
}

impl Sum {
    fn of(pool: PoolId) -> Self {
        Self {
            merged: PoolWorkers::none(pool),
            all_tell_jobs: true,
            all_tell_outcomes: true,
            boot_seconds: Mean::default(),
            worker_cpu_cores: Mean::default(),
            worker_memory_bytes: Mean::default(),
        }
    }

    fn add(&mut self, workers: &PoolWorkers) {
        let processes = workers.current().saturating_add(workers.draining);
        let merged = &mut self.merged;
        for (sum, count) in [
            (&mut merged.starting, workers.starting),
            (&mut merged.idle, workers.idle),
            (&mut merged.busy, workers.busy),
            (&mut merged.unknown, workers.unknown),
            (&mut merged.orphaned, workers.orphaned),
            (&mut merged.draining, workers.draining),
            (&mut merged.backing_off, workers.backing_off),
        ] {
            *sum = sum.saturating_add(count);
        }
        merged.cpu_used_cores += workers.cpu_used_cores;
        merged.memory_used_bytes = merged.memory_used_bytes.saturating_add(workers.memory_used_bytes);
        merged.longest_job_seconds = match (merged.longest_job_seconds, workers.longest_job_seconds) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        };
        // Who runs no worker has nothing to tell.
        self.all_tell_jobs &= workers.jobs_finished_total.is_some() || processes == 0;
        self.all_tell_outcomes &= workers.attempts.is_some() || processes == 0;
        merged.failing_jobs = match (merged.failing_jobs, workers.failing_jobs) {
            // One and the same job may fail on several hosts; the most that one of them saw is certain.
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        };
        // What was measured of workers that have ended counts like one worker.
        let weight = f64::from(processes.max(1));
        self.boot_seconds.add(workers.boot_seconds, weight);
        self.worker_cpu_cores.add(workers.worker_cpu_cores, weight);
        self.worker_memory_bytes.add(workers.worker_memory_bytes.map(|bytes| bytes as f64), weight);
    }

    fn finish(self, counters: &Counters) -> PoolWorkers {
        let counted = counters.total(&self.merged.pool);
        PoolWorkers {
            busy_seconds_total: counted.busy_seconds,
            jobs_finished_total: self.all_tell_jobs.then_some(counted.jobs_finished),
            attempts: self.all_tell_outcomes.then_some(counted.attempts),
            pickups: self.all_tell_outcomes.then_some(counted.pickups),
            boot_seconds: self.boot_seconds.value(),
            worker_cpu_cores: self.worker_cpu_cores.value(),
            worker_memory_bytes: self.worker_memory_bytes.value().map(|bytes| bytes.round() as u64),
            ..self.merged
        }
    }
}

/// A weighted mean of what is known.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: Option<f64>, weight: f64) {
        if let Some(value) = value {
            self.sum += value * weight;
            self.weight += weight;
        }
    }

    fn value(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}
