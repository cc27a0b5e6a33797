//! `QueueAutoscale\ClusterPlanner`.

use super::configuration::{ArrayArgument, ArrayResult, Configuration};
use super::entry::guarded;
use super::exceptions::Failure;
use super::host::CapacityObject;
use super::zval_reader::ZvalReader;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::bindings::shapes::{PoolStaffing, SharesShape, read_reports};
use crate::cluster::ClusterTurn;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Turns the reports of several hosts into one turn of an engine, and the engine's decisions into each host's share. It
/// remembers what is on its way to the hosts, so one planner is to see every turn.
#[php_class]
#[php(name = "QueueAutoscale\\ClusterPlanner")]
#[php(flags = ClassFlags::Final)]
pub struct ClusterPlanner {
    planner: crate::cluster::ClusterPlanner,
    turn: ClusterTurn,
}

#[php_impl]
impl ClusterPlanner {
    /// A planner that knows of no host.
    pub fn __construct(configuration: &Configuration) -> Self {
        Self { planner: crate::cluster::ClusterPlanner::new(configuration.shared()), turn: ClusterTurn::default() }
    }

    /// Takes in what all hosts report; one that is missing has left. A host that has not yet applied its last share counts
    /// with that share.
    ///
    /// @param int $fencingNumber of whoever leads; with a new one, only what runs counts, and no earlier share
    /// @param array<string, string> $reports by host, JSON each: version (1), fencing_number and serial of the share that
    ///        was applied last, paused, capacity (as HostCapacity, in snake case), workers (as WorkerSupervisor::pools();
    ///        what is 0 or null may be left out)
    /// @return list<string> a sentence for each report that cannot be used; its host then counts as gone
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number, or a report that is no string
    pub fn merge(&mut self, fencingNumber: i64, reports: ArrayArgument<'_>) -> PhpResult<Vec<String>> {
        guarded(|| {
            let fencing_number = u64::try_from(fencingNumber).map_err(|_| {
                Failure::Argument(format!("$fencingNumber: {fencingNumber} where a number of at least 0 was expected"))
            })?;
            let mut texts = Vec::with_capacity(reports.len());
            for (host, report) in reports.entries() {
                let host = host.to_text();
                let text = report
                    .str()
                    .ok_or_else(|| Failure::Argument(format!("$reports: {host}: a string in UTF-8 was expected")))?;
                texts.push((host, text));
            }
            let (reports, errors) = read_reports(texts.into_iter());
            self.turn = self.planner.merge(fencing_number, reports);
            Ok(errors)
        })
    }

    /// The workers of all hosts, for ScalingEngine::observe().
    ///
    /// @return array<string, array{connection: string, queues: string, ...}> by "connection:queues"
    pub fn workers(&self) -> PhpResult<ArrayResult> {
        guarded(|| {
            let pools = self.turn.workers.iter();
            let rows: BTreeMap<String, PoolWorkersRow<'_>> =
                pools.map(|workers| (workers.pool.to_string(), workers.into())).collect();
            ArrayResult::of(&rows)
        })
    }

    /// What all hosts have and use together, for ScalingEngine::observe(); null bounds nothing.
    pub fn capacity(&self) -> PhpResult<Option<CapacityObject>> {
        guarded(|| self.turn.host.as_ref().map(CapacityObject::of).transpose())
    }

    /// Shares out what was decided among the hosts of the last merge(). A pool that is missing is to have no worker.
    ///
    /// @param list<array{0: string, 1: string, 2: int, 3?: int}> $targets connection, queues and workers of each pool, and how
    ///        many of them stay although they find no job: all where that is left out
    /// @return array{serial: int, hosts: list<array{host: string, workers: list<array{string, string, int, int}>}>,
    ///         unplaced: list<array{string, string, int}>} serial: 1 for the first shares under a fencing number; workers: as
    ///         the targets; unplaced: workers that no host has room for
    /// @throws \QueueAutoscale\Exception\InvalidArgument where a target is none
    pub fn plan(&mut self, targets: ArrayArgument<'_>) -> PhpResult<ArrayResult> {
        guarded(|| {
            let mut counts = Vec::with_capacity(targets.len());
            for (key, target) in targets.entries() {
                let target = PoolStaffing::deserialize(ZvalReader::new(target))
                    .map_err(|error| Failure::Argument(format!("$targets: {}: {error}", key.to_text())))?;
                counts.push(target.into());
            }
            let shares = self.planner.plan(&counts);
            ArrayResult::of(&SharesShape::of(self.planner.serial(), shares))
        })
    }
}
