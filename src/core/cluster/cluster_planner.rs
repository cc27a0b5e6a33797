//! What the leading host remembers from one turn to the next.

use super::counters::Counters;
use super::granted::as_granted;
use super::merge::{ClusterTurn, merge_capacities, merge_workers};
use super::report::HostReport;
use super::shares::{HostPlace, PoolTarget, Shares, Staffing, plan_shares};
use crate::calculators::{Capacity, Resources};
use crate::config::{Configuration, PoolId};
use crate::engine::PoolWorkers;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Turns the reports of all hosts into one turn of the engine, and the engine's decisions into each host's share.
///
/// ```
/// use queue_autoscale_core::calculators::HostCapacity;
/// use queue_autoscale_core::cluster::{ClusterPlanner, HostReport, Staffing};
/// use queue_autoscale_core::config::{Configuration, PoolId};
/// use std::sync::Arc;
///
/// let capacity = Some(HostCapacity {
///     cpu_limit_cores: 4.0, cpu_used_cores: None, memory_limit_bytes: 8 << 30, memory_used_bytes: 1 << 30,
/// });
/// let report = |host: &str| HostReport {
///     host: host.into(), fencing_number: 0, serial: 0, is_paused: false, capacity, workers: Vec::new(),
/// };
/// let mut planner = ClusterPlanner::new(Arc::new(Configuration::default()));
/// let turn = planner.merge(1, vec![report("a"), report("b")]);
/// assert_eq!(turn.host.map(|host| host.cpu_limit_cores), Some(8.0));
/// let shares = planner.plan(&[(PoolId::new("redis", "emails"), Staffing { workers: 4, idle_floor: 2 })]);
/// let each = Staffing { workers: 2, idle_floor: 1 };
/// assert!(shares.hosts.iter().all(|host| host.pools.values().all(|share| *share == each)));
/// ```
#[derive(Debug)]
pub struct ClusterPlanner {
    configuration: Arc<Configuration>,
    fencing_number: u64,
    /// The number of the shares that were planned last.
    serial: u64,
    hosts: BTreeMap<String, Member>,
    workers: BTreeMap<PoolId, PoolWorkers>,
    counters: Counters,
}

/// A host, as of the last merge.
#[derive(Debug)]
struct Member {
    report: HostReport,
    /// Its share that was planned last, and the number of it.
    granted: Option<(u64, BTreeMap<PoolId, Staffing>)>,
}

impl ClusterPlanner {
    /// A planner that knows of no host.
    pub fn new(configuration: Arc<Configuration>) -> Self {
        Self {
            configuration,
            fencing_number: 0,
            serial: 0,
            hosts: BTreeMap::new(),
            workers: BTreeMap::new(),
            counters: Counters::default(),
        }
    }

    /// Takes in what all hosts say; one that is missing has left the cluster. `fencing_number` is that of whoever leads:
    /// with a new one, only what runs counts, and no more what was planned under another.
    ///
    /// A host that has not yet applied its last share counts with that share, not with what it still runs.
    pub fn merge(&mut self, fencing_number: u64, reports: Vec<HostReport>) -> ClusterTurn {
        let is_new_term = fencing_number != self.fencing_number;
        if is_new_term {
            self.fencing_number = fencing_number;
            self.serial = 0;
        }
        let mut before = std::mem::take(&mut self.hosts);
        for report in reports {
            self.counters.count(&report.host, &report.workers);
            let granted = before.remove(&report.host).and_then(|member| member.granted).filter(|_| !is_new_term);
            self.hosts.insert(report.host.clone(), Member { granted, report });
        }
        let hosts = &self.hosts;
        self.counters.retain_hosts(|host| hosts.contains_key(host));
        for member in self.hosts.values_mut() {
            member.expect_the_share(fencing_number);
        }
        let all = self.hosts.values().flat_map(|member| &member.report.workers);
        self.workers = merge_workers(all, &self.counters);
        let capacities = self.hosts.values().map(|member| (member.report.capacity, member.used().cpu_cores));
        ClusterTurn { workers: self.workers.values().cloned().collect(), host: merge_capacities(capacities) }
    }

    /// Shares out what was decided among the hosts of the last merge. A pool that is missing is to have no worker.
    pub fn plan(&mut self, targets: &[(PoolId, Staffing)]) -> Shares {
        let targets: Vec<PoolTarget> = targets
            .iter()
            .map(|(pool, decided)| {
                let settings = self.configuration.pool_settings(pool);
                let each = self.workers.get(pool).map_or_else(
                    || PoolWorkers::none(pool.clone()).footprint(&settings),
                    |known| known.footprint(&settings),
                );
                PoolTarget { pool: pool.clone(), decided: *decided, least: settings.min_workers, each }
            })
            .collect();
        let limits = &self.configuration.limits;
        let places: Vec<HostPlace> = self
            .hosts
            .values()
            .map(|member| HostPlace {
                name: member.report.host.clone(),
                room: member.report.capacity.map_or(Resources::UNLIMITED, |capacity| {
                    Capacity::room(&capacity, limits.max_cpu_percent, limits.max_memory_percent, member.used())
                }),
                is_pinned: member.report.is_paused,
                workers: member.current(),
            })
            .collect();
        let shares = plan_shares(&targets, &places);
        self.serial += 1;
        for share in &shares.hosts {
            if let Some(member) = self.hosts.get_mut(&share.host) {
                member.granted = Some((self.serial, share.pools.clone()));
            }
        }
        shares
    }

    /// The number of the shares that were planned last, under the fencing number of the last merge; 0 before the first.
    pub fn serial(&self) -> u64 {
        self.serial
    }
}

impl Member {
    /// Makes the report say what will be, where the last share is still on its way.
    fn expect_the_share(&mut self, fencing_number: u64) {
        let Some((serial, share)) = &self.granted else { return };
        let has_applied = self.report.fencing_number == fencing_number && self.report.serial >= *serial;
        if has_applied || self.report.is_paused {
            return;
        }
        let mut missing = share.clone();
        for workers in &mut self.report.workers {
            let granted = missing.remove(&workers.pool).unwrap_or_default().workers;
            let seen = std::mem::replace(workers, PoolWorkers::none(PoolId::new("", "")));
            *workers = as_granted(seen, granted);
        }
        let to_come = missing.into_iter().map(|(pool, granted)| as_granted(PoolWorkers::none(pool), granted.workers));
        self.report.workers.extend(to_come);
    }

    fn current(&self) -> BTreeMap<PoolId, u32> {
        let counts = self.report.workers.iter().map(|workers| (workers.pool.clone(), workers.current()));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// What its workers use.
    fn used(&self) -> Resources {
        self.report.workers.iter().fold(Resources::NONE, |sum, workers| sum.plus(workers.used(), 1.0))
    }
}
