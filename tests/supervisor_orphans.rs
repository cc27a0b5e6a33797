//! What becomes of workers that a killed manager leaves behind, on real processes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod supervisor_support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use queue_autoscale::workers::{KillReason, SupervisorEvent};
use supervisor_support::{DEADLINE, Stage, exists, new_directory, read_once_written};

const STAGE_DIRECTORY: &str = "QUEUE_AUTOSCALE_TEST_STAGE";

/// No test, but what [`stage_with_orphan`] runs: this very program once more.
#[test]
#[ignore = "the process that other tests kill"]
fn a_manager_that_will_be_killed() {
    let Some(directory) = std::env::var_os(STAGE_DIRECTORY) else { return };
    let mut stage = Stage::obedient_in(Path::new(&directory));
    stage.options.timeout_seconds = 1;
    adopt(&mut stage);
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    // Its job hears no SIGTERM, and is over when it is told so.
    stage.tell(pid, "trap '' TERM; job 600");
    stage.until("the worker is busy", |stage| stage.state_of(pid) == Some("busy"));
    fs::write(stage.directory().join("pid"), format!("{pid}\n")).unwrap();
    stage.watch(DEADLINE);
}

/// Each stage is an application of its own: tests run side by side.
fn adopt(stage: &mut Stage) {
    let application = stage.directory().to_str().unwrap().to_owned();
    stage.supervisor.adopt(&application).unwrap();
}

/// A stage for the next manager, and the worker that a killed one has left.
fn stage_with_orphan() -> (Stage, i32) {
    let directory = new_directory();
    let mut manager = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_manager_that_will_be_killed"])
        .env(STAGE_DIRECTORY, &directory)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = read_once_written(&directory.join("pid")).parse().unwrap();
    manager.kill().unwrap();
    manager.wait().unwrap();
    (Stage::obedient_in(&directory), pid)
}

#[test]
fn a_worker_that_a_killed_manager_left_fills_a_place_until_it_is_gone() {
    let (mut stage, orphan) = stage_with_orphan();
    stage.supervisor.adopt("/another/storage").unwrap();
    assert_eq!(stage.workers(), []);

    adopt(&mut stage);
    // Asked once more, it is not found twice.
    adopt(&mut stage);
    stage.scale(1);
    stage.watch(Duration::from_millis(100));
    assert_eq!((stage.in_state("orphaned"), stage.starts()), (vec![orphan], 0));
    assert_eq!((stage.summary().current(), stage.summary().unknown, stage.summary().orphaned), (1, 1, 1));
    let found = |event: &SupervisorEvent| matches!(event, SupervisorEvent::OrphanFound { name, .. } if name.pid == Some(orphan));
    assert_eq!(stage.count(found), 1);

    // One more than it, and one less: it fills its place, the new one leaves.
    stage.scale(2);
    stage.until_idle(1);
    stage.scale(1);
    stage.until("the new one has left", |stage| stage.workers().len() == 1);
    assert_eq!(stage.in_state("orphaned"), [orphan]);

    stage.tell(orphan, "done_with_job; exit");
    stage.until("it is gone", |stage| stage.count(|event| matches!(event, SupervisorEvent::OrphanGone { .. })) == 1);
    assert_eq!((stage.workers(), stage.kills()), (vec![], vec![]));
    assert_eq!(stage.scale(1).started, 1);
}

#[test]
fn an_orphan_is_ended_once_the_time_of_its_job_is_over() {
    let (mut stage, orphan) = stage_with_orphan();
    let found_at = Instant::now();
    adopt(&mut stage);
    stage.scale(1);
    stage.until("it is killed", |stage| !stage.kills().is_empty());
    // Its --timeout of a second, and the time in which it should have left after SIGTERM.
    assert!(found_at.elapsed() >= Duration::from_secs(11), "{:?}", found_at.elapsed());
    assert_eq!(stage.kills()[0].0, KillReason::Orphaned);
    stage.until("it is gone", |stage| stage.workers().is_empty());
    let is_zombie = fs::read_to_string(format!("/proc/{orphan}/stat")).is_ok_and(|stat| stat.contains(") Z "));
    assert!(!exists(orphan) || is_zombie);
    assert_eq!(stage.starts(), 0);
}

#[test]
fn workers_of_a_manager_that_lives_are_no_orphans() {
    let mut stage = Stage::obedient();
    adopt(&mut stage);
    stage.scale(1);
    let pids = stage.until_idle(1);
    adopt(&mut stage);
    assert_eq!((stage.in_state("ready"), stage.in_state("orphaned")), (pids, vec![]));
}
