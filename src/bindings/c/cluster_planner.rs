//! The cluster planner's functions.

use super::configuration::Configuration;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::Status;
use super::text::{Text, json_of};
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::bindings::shapes::{HostCapacityShape, PoolStaffing, SharesShape, read_reports};
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::Arc;

/// Turns the reports of several hosts into one turn of an engine, and the engine's decisions into each host's share.
#[derive(Debug)]
pub struct ClusterPlanner(());

impl Opaque for ClusterPlanner {
    type Value = crate::cluster::ClusterPlanner;
    const TAG: u64 = u64::from_be_bytes(*b"qaCluste");
    const NAME: &'static str = "cluster_planner";
}

/// A planner that knows of no host.
///
/// # Safety
/// `configuration` is a handle; `cluster_planner` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_cluster_planner_new(
    configuration: *mut Configuration,
    cluster_planner: *mut *mut ClusterPlanner,
    error: *mut Text,
) -> Status {
    let make = || {
        // SAFETY: by this function's own condition.
        let configuration = unsafe { handle::value(configuration) }?;
        Ok(crate::cluster::ClusterPlanner::new(Arc::clone(configuration)))
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(cluster_planner, make)) }
}

/// Ends a planner; NULL is fine.
///
/// # Safety
/// `cluster_planner` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_cluster_planner_free(cluster_planner: *mut ClusterPlanner) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(cluster_planner)) }
}

/// Takes in what all hosts report; one that is missing has left. A host that has not yet applied its last share counts with
/// that share. With a new `fencing_number`, that of whoever leads, only what runs counts, and no earlier share.
///
/// `reports` is `{"host": "report", …}`, each report JSON of its own: `{"version": 1, "fencing_number": …, "serial": …,
/// "paused": …, "capacity": {…}, "workers": […]}`, the first two numbers those of the share that was applied last, the
/// capacity as `qa_host_monitor_read` returns it, the workers as `qa_supervisor_pools` does.
///
/// The output is `{"workers": […], "host": {…}, "errors": [sentences]}`: the first two for `qa_engine_observe`; a host whose report cannot be used counts as gone.
///
/// # Safety
/// `cluster_planner` is a handle; `reports` points to `reports_length` bytes; `output` points to memory for a text, or is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_cluster_planner_merge(
    cluster_planner: *mut ClusterPlanner,
    fencing_number: u64,
    reports: *const c_char,
    reports_length: usize,
    output: *mut Text,
) -> Status {
    let merge = || {
        // SAFETY: by this function's own condition.
        let (planner, text) =
            unsafe { (handle::value(cluster_planner)?, input::text("reports", reports, reports_length)?) };
        let reports: BTreeMap<String, String> = input::json("reports", text)?;
        let (read, errors) = read_reports(reports.iter().map(|(host, report)| (host.clone(), report.as_str())));
        let turn = planner.merge(fencing_number, read);
        let workers: Vec<PoolWorkersRow<'_>> = turn.workers.iter().map(PoolWorkersRow::from).collect();
        let host = turn.host.map(HostCapacityShape::from);
        json_of(&serde_json::json!({ "workers": workers, "host": host, "errors": errors })).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, merge) }
}

/// Shares out what was decided among the hosts of the last merge. `targets` is `[[connection, queues, workers, idle_floor],
/// …]`; a pool that is missing is to have no worker, and where `idle_floor` is, all stay although they find no job.
///
/// The output is `{"serial": …, "hosts": [{"host": …, "workers": [[connection, queues, workers, idle_floor], …]}, …],
/// "unplaced": [[connection, queues, workers], …]}`: `serial` is 1 for the first shares under a fencing number, `unplaced` are
/// workers that no host has room for.
///
/// # Safety
/// `cluster_planner` is a handle; `targets` points to `targets_length` bytes; `output` points to memory for a text, or is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_cluster_planner_plan(
    cluster_planner: *mut ClusterPlanner,
    targets: *const c_char,
    targets_length: usize,
    output: *mut Text,
) -> Status {
    let plan = || {
        // SAFETY: by this function's own condition.
        let (planner, text) =
            unsafe { (handle::value(cluster_planner)?, input::text("targets", targets, targets_length)?) };
        let targets: Vec<PoolStaffing> = input::json("targets", text)?;
        let targets: Vec<_> = targets.into_iter().map(Into::into).collect();
        let shares = planner.plan(&targets);
        json_of(&SharesShape::of(planner.serial(), shares)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, plan) }
}
