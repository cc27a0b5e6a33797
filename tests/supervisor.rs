//! The supervisor's promises on starting, replacing and scaling, each on real processes.
#![cfg(unix)]

mod supervisor_support;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use queue_autoscale::workers::{KillReason, SupervisorEvent};
use supervisor_support::{Stage, exists, read_once_written, signal, wait_for};

/// What the design promises for a replacement and for a kill.
const ON_TIME: Duration = Duration::from_millis(100);

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
fn a_worker_that_is_killed_is_replaced_on_time() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    let killed_at = Instant::now();
    signal(pids[0], Signal::SIGKILL);
    stage.until("the worker is replaced", |stage| {
        stage.workers().iter().filter_map(|worker| worker.pid).filter(|pid| *pid != pids[0]).count() == 2
    });
    assert!(killed_at.elapsed() < ON_TIME, "{:?}", killed_at.elapsed());
    let at_once = |event: &SupervisorEvent| {
        matches!(event, SupervisorEvent::WorkerCrashed { signal: Some(libc::SIGKILL), restart_in_seconds, .. }
            if *restart_in_seconds == 0.0)
    };
    assert_eq!(stage.count(at_once), 1);
}

#[test]
fn ordinary_exits_are_no_crashes_and_are_replaced_at_once() {
    for code in [0, 12] {
        let mut stage = Stage::obedient();
        stage.scale(1);
        let pid = stage.until_idle(1)[0];
        stage.give_job(pid);
        stage.tell(pid, "done_with_job");
        stage.tell(pid, &format!("exit {code}"));
        stage.until("it is replaced", |stage| stage.in_state("ready").first().is_some_and(|other| *other != pid));
        let ordinary = |event: &SupervisorEvent| {
            matches!(event, SupervisorEvent::WorkerExited { exit_code, asked: false, restart_in_seconds: Some(0.0), .. }
                if *exit_code == Some(code))
        };
        assert_eq!(stage.count(ordinary), 1, "{:?}", stage.events);
        assert_eq!(stage.crashes(), 0);
    }
}

#[test]
fn somebody_elses_sigterm_is_no_crash() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    signal(pid, Signal::SIGTERM);
    stage.until("it is replaced", |stage| stage.in_state("ready").first().is_some_and(|other| *other != pid));
    assert_eq!(stage.crashes(), 0);
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
    assert_eq!(stage.kills(), []);
}

#[test]
fn who_is_idle_is_known_at_the_moment_of_shrinking() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    // The supervisor is not waiting in poll while this happens.
    let told = stage.directory().join("told");
    stage.tell(pids[0], &format!("job; echo yes >{}", told.display()));
    read_once_written(&told);
    stage.scale(1);
    assert_eq!(stage.state_of(pids[0]), Some("busy"));
    assert_eq!(stage.state_of(pids[1]), Some("draining"));
    stage.tell(pids[0], "done_with_job");
}

/// Longer than a worker must find no job to leave.
const RESTED: Duration = Duration::from_millis(600);

#[test]
fn who_finds_no_job_leaves_by_itself_down_to_the_idle_floor_and_who_is_busy_stays() {
    let mut stage = Stage::obedient();
    stage.scale(4);
    let pids = stage.until_idle(4);
    stage.give_job(pids[0]);
    stage.scale_with_idle_floor(4, 2);
    stage.supervisor.supervise(RESTED).unwrap();
    stage.until("two are gone", |stage| stage.workers().len() == 2);
    assert_eq!(stage.state_of(pids[0]), Some("busy"));
    assert_eq!((stage.starts(), stage.kills(), stage.crashes()), (4, vec![], 0));
}

#[test]
fn a_busy_worker_above_the_idle_floor_leaves_once_its_job_is_done() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.give_job(pid);
    stage.scale_with_idle_floor(1, 0);
    stage.supervisor.supervise(RESTED).unwrap();
    assert_eq!(stage.state_of(pid), Some("busy"));

    stage.scale_with_idle_floor(1, 0);
    stage.tell(pid, "done_with_job");
    stage.supervisor.supervise(RESTED).unwrap();
    stage.until("it is gone", |stage| stage.workers().is_empty());
    assert_eq!((stage.starts(), stage.kills()), (1, vec![]));
    assert_eq!(stage.summary().jobs_finished_total, Some(1));
}

#[test]
fn nobody_leaves_for_want_of_a_job_while_jobs_are_known_to_wait() {
    let mut stage = Stage::obedient();
    stage.scale(3);
    let pids = stage.until_idle(3);
    // Taking a job takes them longer than finding none would.
    stage.scale_with_waiting_jobs(3, 0, 2);
    stage.supervisor.supervise(RESTED).unwrap();
    assert_eq!(stage.in_state("ready").len(), 3);

    stage.scale_with_waiting_jobs(3, 0, 2);
    stage.tell(pids[0], "job");
    stage.tell(pids[1], "job");
    // Both are started within this time, so the third one finds none.
    stage.supervisor.supervise(RESTED).unwrap();
    stage.until("the third is gone", |stage| stage.workers().len() == 2);
    assert_eq!((stage.in_state("busy").len(), stage.starts()), (2, 3));
}

#[test]
fn an_idle_floor_is_over_with_the_time_to_supervise() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    stage.until_idle(2);
    stage.scale_with_idle_floor(2, 0);
    // No decision comes any more, as where the metrics cannot be read.
    stage.turn();
    stage.watch(RESTED);
    assert_eq!(stage.in_state("ready").len(), 2);
}

#[test]
fn an_idle_floor_that_is_renewed_lets_more_leave_and_brings_nobody_back() {
    let mut stage = Stage::obedient();
    stage.scale(3);
    stage.until_idle(3);
    stage.scale_with_idle_floor(3, 2);
    stage.supervisor.supervise(RESTED).unwrap();
    stage.until("one is gone", |stage| stage.workers().len() == 2);
    stage.let_idle_leave(1);
    stage.supervisor.supervise(RESTED).unwrap();
    stage.until("another one is gone", |stage| stage.workers().len() == 1);
    stage.let_idle_leave(1);
    stage.supervisor.supervise(RESTED).unwrap();
    assert_eq!((stage.in_state("ready").len(), stage.starts()), (1, 3));
}

#[test]
fn nobody_leaves_for_an_idle_floor_while_scaling_is_paused() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    stage.until_idle(1);
    stage.scale_with_idle_floor(1, 0);
    signal(std::process::id() as i32, Signal::SIGUSR2);
    while !stage.supervisor.is_paused() {
        stage.supervisor.supervise(RESTED).unwrap();
    }
    stage.supervisor.supervise(RESTED).unwrap();
    assert_eq!(stage.in_state("ready").len(), 1);
}

#[test]
fn jobs_that_ended_are_counted() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    for _ in 0..3 {
        stage.give_job(pids[0]);
        stage.tell(pids[0], "done_with_job");
        stage.until("it is idle", |stage| stage.state_of(pids[0]) == Some("ready"));
    }
    // A job that its worker died in has not ended.
    stage.give_job(pids[1]);
    signal(pids[1], Signal::SIGKILL);
    stage.until("it is replaced", |stage| stage.in_state("ready").len() == 2);
    assert_eq!(stage.summary().jobs_finished_total, Some(3));
}

#[test]
fn a_draining_worker_is_not_replaced_and_does_not_count() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.give_job(pid);
    stage.scale(0);
    assert_eq!((stage.summary().current(), stage.summary().draining), (0, 1));
    assert_eq!(stage.scale(1).started, 1);
    assert_eq!(stage.summary().current(), 1);
    stage.tell(pid, "done_with_job");
    stage.until("it is gone", |stage| stage.state_of(pid).is_none());
    assert_eq!(stage.starts(), 2);
}

#[test]
fn a_worker_that_does_not_leave_in_time_while_its_pool_shrinks_is_killed_on_time() {
    let mut stage = Stage::obedient();
    stage.options.drain_timeout_seconds = Some(0.3);
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.give_job(pid);
    stage.scale(0);
    let asked_at = Instant::now();
    stage.until("it is gone", |stage| stage.workers().is_empty());
    let error = asked_at.elapsed().saturating_sub(Duration::from_secs_f64(0.3));
    assert!(asked_at.elapsed() >= Duration::from_secs_f64(0.3) && error < ON_TIME, "{:?}", asked_at.elapsed());
    let kills = stage.kills();
    assert_eq!(kills.len(), 1);
    assert_eq!(kills[0].0, KillReason::DrainTimeout);
    assert!(kills[0].1 < ON_TIME.as_secs_f64());
}

#[test]
fn workers_that_crash_in_a_row_back_off_and_tell_their_last_words() {
    let mut stage = Stage::with_worker("printf R >&3; echo 'cannot reach the mail server' >&2; exit 3");
    stage.scale(1);
    stage.until("it crashed twice", |stage| stage.crashes() == 2);
    let crashes: Vec<(Option<i32>, Vec<String>, f64)> = stage
        .events
        .iter()
        .filter_map(|event| match event {
            SupervisorEvent::WorkerCrashed { exit_code, output_tail, restart_in_seconds, .. } => {
                Some((*exit_code, output_tail.clone(), *restart_in_seconds))
            }
            _ => None,
        })
        .collect();
    assert_eq!(crashes[0], (Some(3), vec!["cannot reach the mail server".to_owned()], 0.0));
    assert!((1.0..=1.5).contains(&crashes[1].2), "{crashes:?}");
    assert_eq!(stage.summary().backing_off, 1);
    assert_eq!(stage.summary().current(), 1);
}

#[test]
fn a_queue_whose_workers_cannot_start_tries_one_at_a_time() {
    let mut stage = Stage::with_worker("exit 1");
    stage.scale(8);
    stage.until("all have failed", |stage| stage.crashes() == 8);
    stage.watch(Duration::from_secs(2));
    let starts = stage.starts();
    assert!((9..=10).contains(&starts), "{starts} starts of 8 workers within 2 s");
    assert_eq!(stage.scale(12).started, 0, "more of the same were started");
}

#[test]
fn once_workers_can_start_again_all_of_them_do() {
    let mut stage = Stage::obedient();
    let script = stage.options.artisan_path.clone();
    let obedient = fs::read_to_string(&script).unwrap();
    fs::write(&script, "exit 1").unwrap();
    stage.scale(4);
    stage.until("all have failed", |stage| stage.crashes() == 4);
    fs::write(&script, obedient).unwrap();
    stage.until_idle(4);
    assert_eq!(stage.scale(8).started, 4, "new ones still wait for their turn");
}

#[test]
fn once_an_outage_is_over_whoever_failed_of_it_starts_at_once() {
    // Both ways: before the loop is up, and right after.
    for failing in ["exit 1", "printf R >&3; exit 1"] {
        let mut stage = Stage::obedient();
        let script = stage.options.artisan_path.clone();
        let obedient = fs::read_to_string(&script).unwrap();
        fs::write(&script, failing).unwrap();
        let began_at = Instant::now();
        stage.scale(3);
        // At least two seconds would be to wait.
        stage.until("they keep failing", |stage| {
            stage.count(backs_off_for_long) > 0 && stage.summary().backing_off == 3
        });
        fs::write(&script, obedient).unwrap();
        let starts = stage.starts();
        stage.supervisor.end_back_off(began_at.elapsed());
        stage.turn();
        assert_eq!(stage.starts(), starts + 3, "{:?}", stage.events);
        stage.until_idle(3);
    }
}

fn backs_off_for_long(event: &SupervisorEvent) -> bool {
    matches!(event, SupervisorEvent::WorkerCrashed { restart_in_seconds, .. } if *restart_in_seconds >= 2.0)
}

#[test]
fn a_program_that_does_not_exist_is_told_with_its_name_and_tried_again_later() {
    let mut stage = Stage::obedient();
    stage.options.php_binary = "/nowhere/php".to_owned();
    let outcome = stage.scale(2);
    assert_eq!((outcome.started, outcome.backing_off), (0, 2));
    stage.turn();
    let named = |event: &SupervisorEvent| {
        matches!(event, SupervisorEvent::WorkerCrashed { output_tail, .. }
            if output_tail[0].starts_with("/nowhere/php could not be started: No such file"))
    };
    assert_eq!(stage.count(named), 1, "{:?}", stage.events);
}

#[test]
fn what_a_worker_spawned_is_killed_with_it() {
    let mut stage = Stage::obedient();
    stage.options.drain_timeout_seconds = Some(0.0);
    stage.scale(2);
    let pids = stage.until_idle(2);
    let children: Vec<i32> = pids
        .iter()
        .map(|pid| {
            let file = stage.directory().join(format!("child-of-{pid}"));
            stage.tell(*pid, &format!("sleep 1000 & echo $! >{}", file.display()));
            read_once_written(&file).parse().unwrap()
        })
        .collect();
    // One by the supervisor, one by somebody else.
    stage.give_job(pids[0]);
    stage.give_job(pids[1]);
    signal(pids[1], Signal::SIGKILL);
    stage.scale(0);
    stage.until("both are gone", |stage| stage.workers().is_empty());
    for child in children {
        wait_for("the grandchild's end", || is_gone_or_zombie(child));
    }
}

/// Whoever adopts orphans here may take its time to reap them.
fn is_gone_or_zombie(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
}

#[test]
fn a_worker_gets_its_own_group_four_descriptors_and_fresh_signals() {
    let mut stage = Stage::with_worker(
        "ps -o pgid= -p $$ >\"$DIRECTORY/group\" 2>/dev/null || cut -d' ' -f5 /proc/$$/stat >\"$DIRECTORY/group\"
        for each in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            [ -e /proc/$$/fd/$each ] && readlink /proc/$$/fd/$each
        done | sed 's/:.*//; s/.*worker.sh/worker.sh/' | tr '\\n' ' ' >\"$DIRECTORY/descriptors.new\"
        mv \"$DIRECTORY/descriptors.new\" \"$DIRECTORY/descriptors\"
        grep -E 'SigBlk|SigIgn' /proc/self/status | cut -f2 | tr '\\n' ' ' >\"$DIRECTORY/signals\"
        echo >>\"$DIRECTORY/signals\"
        readlink /proc/$$/fd/0 >\"$DIRECTORY/input\"
        printf R >&3
        sleep 1000",
    );
    // What the manager has open and would hand on, as PHP does with its sockets.
    let open = fs::File::open("/dev/zero").unwrap();
    nix::fcntl::fcntl(&open, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty())).unwrap();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    drop(open);
    let written = |name: &str| fs::read_to_string(stage.directory().join(name)).unwrap().trim().to_owned();
    assert_eq!(written("group"), pid.to_string());
    // The test's own process ignores SIGPIPE, as PHP does; its workers must not. Two signals are the C library's own.
    const OF_THE_C_LIBRARY: u64 = 0b11 << 31;
    for mask in written("signals").split(' ') {
        assert_eq!(u64::from_str_radix(mask, 16).unwrap() & !OF_THE_C_LIBRARY, 0, "{mask}");
    }
    assert_eq!(written("input"), "/dev/null");
    // The shell has its script open as 10; everything else of the worker's is what it was given.
    assert_eq!(written("descriptors"), "/dev/null pipe pipe pipe worker.sh");
}

#[test]
fn other_children_of_the_process_are_left_to_it() {
    let mut stage = Stage::obedient();
    let mut child = Command::new("/bin/sh").args(["-c", "exit 7"]).spawn().unwrap();
    stage.scale(2);
    stage.until_idle(2);
    wait_for("the child's end", || is_gone_or_zombie(child.id().cast_signed()));
    stage.watch(Duration::from_millis(100));
    stage.supervisor.shutdown().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(7));
}

#[test]
fn output_never_blocks_a_worker_and_stays_bounded() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    let done = stage.directory().join("done");
    stage.tell(pid, &format!("yes 'a line of output' | head -n 300000; echo yes >{}", done.display()));
    stage.until("all is written", |_| done.exists());
    stage.tell(pid, "echo 'the last words' >&2; kill -9 $$");
    stage.until("it crashed", |stage| stage.crashes() == 1);
    let tail = stage.events.iter().find_map(|event| match event {
        SupervisorEvent::WorkerCrashed { output_tail, .. } => Some(output_tail.clone()),
        _ => None,
    });
    let tail = tail.unwrap();
    assert_eq!(tail.len(), 20);
    assert_eq!(tail[19], "the last words");
    assert_eq!(tail[0], "a line of output");
}

#[test]
fn lines_of_output_are_told_only_where_wanted() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.tell(pid, "echo unheard");
    stage.watch(Duration::from_millis(50));
    stage.supervisor.tell_output(true);
    stage.tell(pid, "echo heard; echo too >&2");
    let lines = |stage: &Stage| -> Vec<String> {
        let line = |event: &SupervisorEvent| match event {
            SupervisorEvent::OutputLine { line, .. } => Some(line.clone()),
            _ => None,
        };
        stage.events.iter().filter_map(line).collect()
    };
    stage.until("both lines are told", |stage| lines(stage).len() >= 2);
    assert_eq!(lines(&stage), ["heard", "too"]);
}

#[test]
fn time_in_jobs_is_counted_and_never_decreases() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    assert!(stage.summary().boot_seconds.unwrap() < 5.0);
    stage.give_job(pid);
    stage.watch(Duration::from_millis(100));
    let under_way = stage.summary();
    assert!(under_way.busy_seconds_total >= 0.1);
    assert!(under_way.longest_job_seconds.unwrap() >= 0.1);
    // The worker measured less than the supervisor saw.
    stage.tell(pid, "done_with_job 1000");
    stage.until("it is idle", |stage| stage.in_state("ready").len() == 1);
    let ended = stage.summary();
    assert!(ended.busy_seconds_total >= under_way.busy_seconds_total);
    assert_eq!(ended.longest_job_seconds, None);
    // What a worker measures counts even where start and end are read in one go.
    stage.tell(pid, "job; done_with_job 5000000");
    stage.until("five seconds are counted", |stage| stage.summary().busy_seconds_total >= 5.0);
    assert_eq!(stage.workers()[0].jobs_done, 2);
}

/// What a worker says that tells its looks.
const TELLS_LOOKS: &str = "printf 1R >&3";

/// Its job ends, and it has not looked for another one yet.
const ENDS_JOB: &str = "printf 1000I >&3; busy=";

#[test]
fn a_worker_between_its_job_and_the_next_look_is_busy_and_that_time_counts() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.tell(pid, TELLS_LOOKS);
    stage.give_job(pid);
    stage.tell(pid, ENDS_JOB);
    stage.until("the job is counted", |stage| stage.summary().jobs_finished_total == Some(1));
    // Whoever is not idle does not leave for want of a job.
    stage.scale_with_idle_floor(1, 0);
    stage.supervisor.supervise(RESTED).unwrap();
    assert_eq!((stage.state_of(pid), stage.summary().busy, stage.summary().idle), (Some("busy"), 1, 0));
    stage.tell(pid, "printf 7000000L >&3");
    stage.until("it looks for a job", |stage| stage.state_of(pid) == Some("ready"));
    assert!((7.0..8.0).contains(&stage.summary().busy_seconds_total), "{:?}", stage.summary());
    assert_eq!((stage.summary().jobs_finished_total, stage.workers()[0].jobs_done), (Some(1), 1));
}

#[test]
fn a_worker_that_ends_before_it_looks_again_has_not_died_in_its_job() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.tell(pid, TELLS_LOOKS);
    stage.give_job(pid);
    stage.watch(Duration::from_millis(100));
    stage.tell(pid, &format!("{ENDS_JOB}; exit 3"));
    stage.until("it crashed", |stage| stage.crashes() == 1);
    let job_seconds = stage.events.iter().find_map(|event| match event {
        SupervisorEvent::WorkerCrashed { job_seconds, .. } => Some(*job_seconds),
        _ => None,
    });
    assert_eq!(job_seconds, Some(None));
    assert_eq!(stage.summary().jobs_finished_total, Some(1));
    assert!(stage.summary().busy_seconds_total >= 0.1);
}

#[test]
fn a_worker_that_does_not_look_after_its_job_is_neither_busy_for_ever_nor_killed() {
    let mut stage = Stage::obedient();
    stage.options.timeout_seconds = 3600;
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.tell(pid, TELLS_LOOKS);
    // Its job could be overdue at once, had it not ended.
    stage.tell(pid, &format!("job 1; {ENDS_JOB}"));
    stage.until("the job is counted", |stage| stage.summary().jobs_finished_total == Some(1));
    stage.until("it counts as idle", |stage| stage.state_of(pid) == Some("ready"));
    let told = stage.summary().busy_seconds_total;
    stage.watch(Duration::from_millis(50));
    assert_eq!((stage.summary().busy_seconds_total, stage.kills()), (told, vec![]));
}

#[test]
fn what_became_of_attempts_is_told_and_how_long_their_jobs_waited() {
    let mut stage = Stage::with_worker("printf R4200000P7JBD10I8JB0E10I9JBW10I8JBF10I5JB1T >&3; exec sleep 1000");
    stage.scale(1);
    stage.until("its last attempt has begun", |stage| !stage.in_state("busy").is_empty());
    let summary = stage.summary();
    let told = summary.attempts.unwrap();
    assert_eq!((told.done, told.failed, told.released, told.timed_out, told.threw), (1, 1, 2, 0, 2));
    assert_eq!(summary.failing_jobs, Some(1));
    assert_eq!(summary.jobs_finished_total, Some(4));
    let pickups = summary.pickups.unwrap();
    assert_eq!(pickups.jobs(), 2, "of the first attempt, and of the one after a release that told its delay");
    assert!(pickups.percentile(100.0).is_some_and(|seconds| (4.0..4.5).contains(&seconds)));
    // Its process ends, as the framework ends one whose job ran out of time.
    signal(stage.workers()[0].pid.unwrap(), Signal::SIGKILL);
    stage.until("the time-out is counted", |stage| stage.summary().attempts.is_some_and(|told| told.timed_out == 1));
    assert_eq!(stage.summary().attempts.map(|told| told.failed), Some(2));
}

#[test]
fn a_worker_of_an_older_version_tells_no_outcome_and_none_is_made_up() {
    let mut stage = Stage::with_worker("printf RB10IB10I >&3; exec sleep 1000");
    stage.scale(1);
    stage.until("its jobs have ended", |stage| stage.summary().jobs_finished_total == Some(2));
    assert_eq!((stage.summary().attempts, stage.summary().pickups), (None, None));
}

#[test]
fn what_workers_use_is_read_and_learned() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    stage.until_idle(2);
    stage.until("memory is known", |stage| stage.summary().worker_memory_bytes.is_some());
    let summary = stage.summary();
    let one = summary.worker_memory_bytes.unwrap();
    assert!(one > 100_000 && summary.memory_used_bytes >= 2 * one - 1, "{summary:?}");
}

#[test]
fn a_worker_without_the_listener_counts_as_unknown_and_still_works() {
    let mut stage = Stage::with_worker("exec sleep 1000");
    stage.scale(1);
    // From the first instant: nobody knows yet whether it boots or works.
    assert_eq!(stage.summary().unknown, 1);
    assert_eq!(stage.summary().jobs_finished_total, None);
    stage.until("it is taken for silent", |stage| !stage.in_state("unknown").is_empty());
    assert_eq!(stage.summary().unknown, 1);
    assert_eq!(stage.summary().jobs_finished_total, None);
    assert_eq!(stage.summary().current(), 1);
    stage.scale(0);
    stage.until("it has left", |stage| stage.workers().is_empty());
    assert_eq!(stage.kills(), []);
}

#[test]
fn a_job_far_over_its_time_is_ended_and_its_worker_replaced() {
    let mut stage = Stage::obedient();
    stage.options.timeout_seconds = 3600;
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    stage.tell(pid, "job 1");
    stage.until("its worker is replaced", |stage| stage.in_state("ready").first().is_some_and(|new| *new != pid));
    assert_eq!(stage.kills().iter().map(|(reason, _)| *reason).collect::<Vec<_>>(), [KillReason::JobOverdue]);
    assert!(!exists(pid));
}

#[test]
fn a_stopped_worker_is_woken() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    signal(pid, Signal::SIGSTOP);
    stage
        .until("it is noticed", |stage| stage.count(|event| matches!(event, SupervisorEvent::WorkerStuck { .. })) == 1);
    stage.give_job(pid);
    stage.tell(pid, "done_with_job");
}

#[test]
fn a_stopped_worker_can_be_asked_to_leave() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    signal(pid, Signal::SIGSTOP);
    stage.scale(0);
    let asked_at = Instant::now();
    stage.until("it has left", |stage| stage.workers().is_empty());
    assert!(asked_at.elapsed() < Duration::from_secs(5), "it was not woken for it");
    assert_eq!(stage.kills(), []);
}

#[test]
fn nothing_is_left_of_many_lives() {
    let cycles: usize = std::env::var("QUEUE_AUTOSCALE_SOAK_CYCLES").map_or(300, |text| text.parse().unwrap());
    let mut stage = Stage::with_worker("printf RB1I >&3; echo bye");
    let open_files = || fs::read_dir("/proc/self/fd").unwrap().count();
    let resident = || {
        let text = fs::read_to_string("/proc/self/statm").unwrap();
        text.split(' ').nth(1).unwrap().parse::<usize>().unwrap()
    };
    let before = open_files();
    stage.scale(4);
    stage.until("the first lives are over", |stage| stage.starts() > 100);
    let (resident_before, deadline) = (resident(), Instant::now() + Duration::from_secs(600));
    let mut lives = 0;
    while lives < cycles {
        assert!(Instant::now() < deadline, "only {lives} lives");
        stage.turn();
        lives += stage.starts();
        stage.events.clear();
    }
    stage.scale(0);
    stage.until("all are gone", |stage| stage.workers().is_empty());
    assert_eq!(open_files(), before);
    let own = std::process::id();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
    assert_eq!(children.trim(), "");
    let grown_pages = resident().saturating_sub(resident_before);
    assert!(grown_pages < 512, "memory grew by {grown_pages} pages");
}
