//! The supervisor's promises, each on real processes with real signals.
#![cfg(unix)]

mod supervisor_support;

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use queue_autoscale::workers::SupervisorEvent;
use supervisor_support::{Stage, exists, signal};

#[test]
fn workers_are_started_come_up_and_leave() {
    let mut stage = Stage::obedient();
    assert_eq!(stage.scale(3).started, 3);
    let pids = stage.until_idle(3);
    let report = stage.supervisor.shutdown().unwrap();
    assert_eq!((report.workers, report.killed), (3, 0));
    assert!(pids.iter().all(|pid| !exists(*pid)));
}

#[test]
fn a_worker_that_is_killed_is_replaced_within_100_ms() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    let killed_at = Instant::now();
    signal(pids[0], Signal::SIGKILL);
    stage.until("the worker is replaced", |stage| {
        stage.workers().iter().filter_map(|worker| worker.pid).filter(|pid| *pid != pids[0]).count() == 2
    });
    assert!(killed_at.elapsed() < Duration::from_millis(100), "{:?}", killed_at.elapsed());
    assert!(stage.events.iter().any(|event| matches!(
        event,
        SupervisorEvent::WorkerCrashed { signal: Some(libc::SIGKILL), restart_in_seconds, .. } if *restart_in_seconds == 0.0
    )));
}

#[test]
fn idle_workers_leave_first_and_a_busy_one_finishes_its_job() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    stage.give_job(pids[0]);
    stage.scale(1);
    stage.until("the idle one is gone", |stage| stage.state_of(pids[1]).is_none());
    assert_eq!(stage.state_of(pids[0]), Some("busy"));

    stage.scale(0);
    assert_eq!(stage.state_of(pids[0]), Some("draining"));
    stage.tell(pids[0], "done_with_job");
    stage.until("the busy one is gone", |stage| stage.workers().is_empty());
    assert!(!stage.events.iter().any(|event| matches!(event, SupervisorEvent::WorkerKilled { .. })));
}
