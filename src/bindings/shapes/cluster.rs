//! What hosts report, and what each of them is to run.

use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::cluster::{HostReport, HostShare, Shares, Staffing};
use crate::config::PoolId;
use crate::engine::PoolWorkers;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::HostCapacityShape;

/// Of the format of reports.
const VERSION: u32 = 1;

/// [`HostReport`] as managers hand it on. Later versions may add to it.
#[derive(Debug, Deserialize)]
struct ReportShape<'a> {
    version: u32,
    fencing_number: u64,
    serial: u64,
    paused: bool,
    capacity: Option<HostCapacityShape>,
    #[serde(borrow)]
    workers: Vec<PoolWorkersRow<'a>>,
}

/// Reads each host's report from its JSON; a sentence for each that cannot be used.
pub(in crate::bindings) fn read_reports<'a>(
    reports: impl Iterator<Item = (String, &'a str)>,
) -> (Vec<HostReport>, Vec<String>) {
    let (mut read, mut errors) = (Vec::new(), Vec::new());
    for (host, json) in reports {
        match serde_json::from_str::<ReportShape<'_>>(json) {
            Ok(report) if report.version == VERSION => read.push(HostReport {
                host,
                fencing_number: report.fencing_number,
                serial: report.serial,
                is_paused: report.paused,
                capacity: report.capacity.map(Into::into),
                workers: report.workers.into_iter().map(PoolWorkers::from).collect(),
            }),
            Ok(report) => errors.push(format!(
                "{host}: its report is of version {}, this manager reads {VERSION}; run the same release on all hosts",
                report.version,
            )),
            Err(error) => errors.push(format!("{host}: its report cannot be read: {error}")),
        }
    }
    (read, errors)
}

/// A pool, its workers, and how many of them stay although they find no job: all where nobody says.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::bindings) struct PoolStaffing(Arc<str>, Arc<str>, u32, #[serde(default)] Option<u32>);

impl From<PoolStaffing> for (PoolId, Staffing) {
    fn from(PoolStaffing(connection, queues, workers, idle_floor): PoolStaffing) -> Self {
        (PoolId::new(connection, queues), Staffing { workers, idle_floor: idle_floor.unwrap_or(workers) })
    }
}

/// A pool and a number of workers.
#[derive(Debug, Serialize)]
struct PoolCount(Arc<str>, Arc<str>, u32);

/// [`Shares`] as other languages get them.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct SharesShape {
    serial: u64,
    hosts: Vec<HostShareShape>,
    unplaced: Vec<PoolCount>,
}

#[derive(Debug, Serialize)]
struct HostShareShape {
    host: String,
    workers: Vec<PoolStaffing>,
}

impl SharesShape {
    pub(in crate::bindings) fn of(serial: u64, shares: Shares) -> Self {
        let unplaced = shares.unplaced.into_iter();
        Self {
            serial,
            hosts: shares.hosts.into_iter().map(HostShareShape::from).collect(),
            unplaced: unplaced.map(|(pool, workers)| PoolCount(pool.connection, pool.queues, workers)).collect(),
        }
    }
}

impl From<HostShare> for HostShareShape {
    fn from(share: HostShare) -> Self {
        let workers = share.pools.into_iter().map(|(pool, Staffing { workers, idle_floor })| {
            PoolStaffing(pool.connection, pool.queues, workers, Some(idle_floor))
        });
        Self { host: share.host, workers: workers.collect() }
    }
}
