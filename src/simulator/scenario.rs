//! Traffic and the settings it is served with.

use super::traffic::Job;
use crate::calculators::HostCapacity;
use crate::config::{PoolId, PoolSettings};

/// The traffic of one pool and what its user has set.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolTraffic {
    /// Whose traffic.
    pub pool: PoolId,
    /// What its user has set.
    pub settings: PoolSettings,
    /// Its jobs, in order of arrival.
    pub jobs: Vec<Job>,
    /// Time that its workers take to boot in seconds, where that is not the environment's.
    pub boot_seconds: Option<f64>,
}

impl PoolTraffic {
    /// The names of its queues, the one served first at the front.
    pub fn queues(&self) -> Vec<&str> {
        self.pool.queues.split(',').collect()
    }

    /// Whether jobs are started in the order of their arrival, whoever starts workers: with one queue to which none comes back.
    pub fn is_served_in_order(&self) -> bool {
        self.queues().len() == 1 && self.jobs.iter().all(|job| job.failing_attempts == 0)
    }

    /// Worker-seconds that all of its jobs take.
    pub fn work_seconds(&self) -> f64 {
        self.jobs.iter().map(|job| job.work_seconds(self.settings.workers.tries)).sum()
    }

    /// Mean worker-seconds of a job; the configured default where there is none.
    pub fn mean_service_seconds(&self) -> f64 {
        if self.jobs.is_empty() {
            return self.settings.prediction.default_service_time_seconds;
        }
        let total_seconds: f64 = self.jobs.iter().map(|job| job.service_seconds).sum();
        total_seconds / self.jobs.len() as f64
    }
}

/// The machine that all pools share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Host {
    /// Cores that may be used.
    pub cpu_limit_cores: f64,
    /// Memory that may be used, in bytes.
    pub memory_limit_bytes: u64,
    /// Cores that others on the host use.
    pub others_cpu_cores: f64,
    /// Memory that others on the host use, in bytes.
    pub others_memory_bytes: u64,
}

impl Host {
    /// What the manager would read, with so much in use by the workers.
    pub fn capacity(&self, workers_cpu_cores: f64, workers_memory_bytes: u64) -> HostCapacity {
        HostCapacity {
            cpu_limit_cores: self.cpu_limit_cores,
            cpu_used_cores: Some((self.others_cpu_cores + workers_cpu_cores).min(self.cpu_limit_cores)),
            memory_limit_bytes: self.memory_limit_bytes,
            memory_used_bytes: self.others_memory_bytes.saturating_add(workers_memory_bytes),
        }
    }
}

/// Traffic to be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// How long jobs arrive, in seconds.
    pub seconds: f64,
    /// Every pool's traffic.
    pub pools: Vec<PoolTraffic>,
    /// The machine they share; `None` for one without limits.
    pub host: Option<Host>,
}

impl Scenario {
    /// One pool's traffic on a machine without limits.
    pub fn of_one_pool(name: &str, seconds: f64, settings: PoolSettings, jobs: Vec<Job>) -> Self {
        let pool = PoolId::new("redis", "default");
        Self {
            name: name.to_owned(),
            seconds,
            pools: vec![PoolTraffic { pool, settings, jobs, boot_seconds: None }],
            host: None,
        }
    }

    /// Jobs of all pools together.
    pub fn job_count(&self) -> usize {
        self.pools.iter().map(|traffic| traffic.jobs.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_queue_or_a_retry_upsets_the_order() {
        let traffic = |queues: &str, job: Job| PoolTraffic {
            pool: PoolId::new("redis", queues),
            settings: PoolSettings::default(),
            jobs: vec![job],
            boot_seconds: None,
        };
        let job = Job::new(0.0, 1.0);
        assert!(traffic("default", job).is_served_in_order());
        assert!(!traffic("high,low", job).is_served_in_order());
        assert!(!traffic("default", Job { failing_attempts: 1, ..job }).is_served_in_order());
    }
}
