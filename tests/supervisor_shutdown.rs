//! The supervisor's promises on signals, on its end, and on the manager's death.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod supervisor_support;

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use queue_autoscale::workers::{KillReason, SupervisorError, SupervisorEvent, WorkerSupervisor};
use supervisor_support::{Stage, exists, new_directory, read_once_written, signal, take_turn, tell, wait_for};

const ON_TIME: Duration = Duration::from_millis(100);

fn own_pid() -> i32 {
    std::process::id().cast_signed()
}

#[test]
fn all_workers_are_told_at_once_and_the_stubborn_killed_on_time() {
    let mut stage = Stage::obedient();
    stage.options.shutdown_timeout_seconds = 0.5;
    stage.scale(20);
    let pids = stage.until_idle(20);
    for pid in &pids[..15] {
        stage.give_job(*pid);
    }
    let report = stage.supervisor.shutdown().unwrap();
    assert_eq!((report.workers, report.killed), (20, 15));
    let error = report.seconds - 0.5;
    assert!((0.0..ON_TIME.as_secs_f64()).contains(&error), "the last was gone {error} s late");
    assert!(pids.iter().all(|pid| !exists(*pid)));
}

#[test]
fn a_busy_worker_finishes_its_job_before_a_shutdown() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    let done = stage.directory().join("done");
    stage.tell(pid, &format!("job; sleep 0.3; echo yes >{}; done_with_job", done.display()));
    stage.until("it is busy", |stage| stage.state_of(pid) == Some("busy"));
    let report = stage.supervisor.shutdown().unwrap();
    assert_eq!(report.killed, 0);
    assert!(done.exists());
}

#[test]
fn no_worker_is_started_once_the_shutdown_has_begun() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    stage.supervisor.begin_shutdown().unwrap();
    let refused = stage.supervisor.scale(&stage.pool, 2, 2, 0, &stage.options);
    assert!(matches!(refused, Err(SupervisorError::ShuttingDown { .. })));
}

#[test]
fn a_supervisor_that_is_dropped_leaves_no_worker() {
    let mut stage = Stage::obedient();
    stage.scale(2);
    let pids = stage.until_idle(2);
    drop(stage);
    assert!(pids.iter().all(|pid| !exists(*pid)));
}

#[test]
fn a_second_supervisor_in_the_same_process_is_refused() {
    let _stage = Stage::obedient();
    assert!(matches!(WorkerSupervisor::new(), Err(SupervisorError::AlreadySupervising)));
}

#[test]
fn a_stop_signal_ends_the_wait_at_once() {
    for stop in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGQUIT] {
        let mut stage = Stage::obedient();
        let sender = std::thread::spawn(move || signal(own_pid(), stop));
        let began_at = Instant::now();
        let events = stage.supervisor.supervise(Duration::from_secs(60)).unwrap();
        assert!(began_at.elapsed() < Duration::from_secs(5));
        assert_eq!(events, [SupervisorEvent::StopRequested { signal: stop as i32 }]);
        assert_eq!(stage.supervisor.stop_requested(), Some(stop as i32));
        sender.join().unwrap();
    }
}

#[test]
fn a_second_sigint_kills_at_once() {
    let mut stage = Stage::obedient();
    stage.scale(3);
    let pids = stage.until_idle(3);
    for pid in &pids {
        stage.give_job(*pid);
    }
    signal(own_pid(), Signal::SIGINT);
    stage.until("the first is heard", |stage| stage.supervisor.stop_requested().is_some());
    stage.supervisor.begin_shutdown().unwrap();
    stage.watch(Duration::from_millis(100));
    assert_eq!(stage.in_state("stopping").len(), 3);
    signal(own_pid(), Signal::SIGINT);
    stage.until("all are gone", |stage| stage.workers().is_empty());
    assert!(stage.kills().iter().all(|(reason, _)| *reason == KillReason::Immediate));
}

#[test]
fn usr2_pauses_and_cont_resumes() {
    let mut stage = Stage::obedient();
    signal(own_pid(), Signal::SIGCONT);
    signal(own_pid(), Signal::SIGUSR2);
    stage.until("it is paused", |stage| stage.supervisor.is_paused());
    signal(own_pid(), Signal::SIGCONT);
    stage.until("it is resumed", |stage| !stage.supervisor.is_paused());
    assert_eq!(stage.events, [SupervisorEvent::Paused, SupervisorEvent::Resumed]);
}

static THEIRS: AtomicU32 = AtomicU32::new(0);

extern "C" fn their_handler(_: i32) {
    THEIRS.fetch_add(1, Ordering::SeqCst);
}

fn set_their_handler(of: Signal) -> SigAction {
    let action = SigAction::new(SigHandler::Handler(their_handler), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler only counts.
    unsafe { sigaction(of, &action) }.unwrap()
}

#[test]
fn a_handler_that_user_code_puts_over_ours_is_noticed_and_both_are_called() {
    let mut stage = Stage::obedient();
    set_their_handler(Signal::SIGTERM);
    stage.until("it is noticed", |stage| {
        stage.events == [SupervisorEvent::SignalTaken { signal: Signal::SIGTERM as i32 }]
    });
    let heard_before = THEIRS.load(Ordering::SeqCst);
    signal(own_pid(), Signal::SIGTERM);
    stage.until("ours hears it", |stage| stage.supervisor.stop_requested().is_some());
    assert_eq!(THEIRS.load(Ordering::SeqCst), heard_before + 1);
}

#[test]
fn handlers_are_put_back_in_the_end() {
    let _turn = take_turn();
    let before = set_their_handler(Signal::SIGUSR2);
    drop(WorkerSupervisor::new().unwrap());
    let after = set_their_handler(Signal::SIGUSR2);
    assert!(
        matches!(after.handler(), SigHandler::Handler(handler) if std::ptr::fn_addr_eq(handler, their_handler as extern "C" fn(i32)))
    );
    // SAFETY: puts back what was there.
    unsafe { sigaction(Signal::SIGUSR2, &before) }.unwrap();
}

#[test]
fn a_signal_of_somebody_else_ends_the_wait_so_that_php_can_handle_it() {
    let mut stage = Stage::obedient();
    set_their_handler(Signal::SIGUSR1);
    // SAFETY: names this thread.
    let this_thread = unsafe { libc::pthread_self() };
    let is_over = Arc::new(AtomicBool::new(false));
    let sender = std::thread::spawn({
        let is_over = Arc::clone(&is_over);
        // Again and again: one that comes before the wait has begun ends nothing.
        move || {
            while !is_over.load(Ordering::SeqCst) {
                // SAFETY: the thread waits for this one below.
                unsafe { libc::pthread_kill(this_thread, libc::SIGUSR1) };
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    let began_at = Instant::now();
    let events = stage.supervisor.supervise(Duration::from_secs(60));
    is_over.store(true, Ordering::SeqCst);
    sender.join().unwrap();
    assert_eq!(events.unwrap(), []);
    assert!(began_at.elapsed() < Duration::from_secs(5));
}

/// A manager in a process of its own, which a test can kill.
struct Manager {
    process: Child,
    directory: std::path::PathBuf,
}

const DIRECTORY_OF_MANAGER: &str = "QUEUE_AUTOSCALE_TEST_MANAGER";

const WITHOUT_STREAMS: &str = "QUEUE_AUTOSCALE_TEST_WITHOUT_STREAMS";

const AS_PROCESS_1: &str = "QUEUE_AUTOSCALE_TEST_AS_PROCESS_1";

/// No test, but what [`Manager`] runs: this very program once more.
#[test]
#[ignore = "the process that other tests kill"]
fn a_manager_with_three_workers() {
    let Ok(directory) = std::env::var(DIRECTORY_OF_MANAGER) else { return };
    let directory = Path::new(&directory);
    if std::env::var_os(WITHOUT_STREAMS).is_some() {
        for stream in 0..3 {
            // SAFETY: this process writes and reads nothing there any more.
            unsafe { libc::close(stream) };
        }
    }
    let mut stage = Stage::obedient_in(directory);
    stage.scale(3);
    let pids: Vec<String> = stage.until_idle(3).iter().map(i32::to_string).collect();
    fs::write(directory.join("workers"), format!("{}\n", pids.join(" "))).unwrap();
    if std::env::var_os(AS_PROCESS_1).is_some() {
        assert_eq!(own_pid(), 1);
        let worker = stage.in_state("ready")[0];
        see_what_becomes_of_zombies(&mut stage, worker);
    }
    while stage.supervisor.stop_requested().is_none() {
        stage.turn();
    }
}

impl Manager {
    fn start() -> (Self, Vec<i32>) {
        Self::start_by(Command::new(std::env::current_exe().unwrap()))
    }

    fn start_by(mut command: Command) -> (Self, Vec<i32>) {
        let directory = new_directory();
        let process = command
            .args(["--ignored", "--exact", "a_manager_with_three_workers"])
            .env(DIRECTORY_OF_MANAGER, &directory)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let workers = read_once_written(&directory.join("workers"));
        (Self { process, directory }, workers.split(' ').map(|pid| pid.parse().unwrap()).collect())
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn is_running(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn when_the_manager_is_killed_idle_workers_leave_and_busy_ones_finish_their_job() {
    let (mut manager, workers) = Manager::start();
    let started = manager.directory.join("started");
    tell(&manager.directory, workers[0], &format!("job; echo yes >{}", started.display()));
    read_once_written(&started);
    manager.kill();
    for idle in &workers[1..] {
        wait_for("an idle worker's end", || !is_running(*idle));
    }
    assert!(is_running(workers[0]), "the busy worker did not finish its job");
    let done = manager.directory.join("done");
    tell(&manager.directory, workers[0], &format!("echo yes >{}; done_with_job 2>/dev/null", done.display()));
    wait_for("the busy worker's end", || !is_running(workers[0]));
    assert!(done.exists());
}

#[test]
fn a_manager_without_standard_streams_can_still_start_workers() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(WITHOUT_STREAMS, "1");
    let (_manager, workers) = Manager::start_by(command);
    assert_eq!(workers.len(), 3);
}

#[test]
fn a_manager_that_panics_leaves_no_worker() {
    let (mut manager, workers) = Manager::start();
    signal(manager.process.id().cast_signed(), Signal::SIGABRT);
    manager.process.wait().unwrap();
    for worker in workers {
        wait_for("a worker's end", || !is_running(worker));
    }
}

#[test]
fn as_process_1_it_reaps_orphans_but_not_what_the_application_started() {
    if !may_make_a_process_1() {
        eprintln!("not shown here: this user may not make a process namespace");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(["--pid", "--fork", "--mount-proc", "--kill-child"]).arg(std::env::current_exe().unwrap());
    command.env(AS_PROCESS_1, "1");
    let (manager, _) = Manager::start_by(command);
    assert_eq!(read_once_written(&manager.directory.join("zombies")), "only the application's");
}

fn may_make_a_process_1() -> bool {
    let probe =
        Command::new("unshare").args(["--pid", "--fork", "--mount-proc", "true"]).stderr(Stdio::null()).status();
    probe.is_ok_and(|status| status.success())
}

/// What the manager does as process 1: a worker leaves an orphan, the application has a child that it does not wait for.
fn see_what_becomes_of_zombies(stage: &mut Stage, worker: i32) {
    let mut child = Command::new("/bin/true").spawn().unwrap();
    let file = stage.directory().join("orphan");
    stage.tell(worker, &format!("setsid sh -c 'sleep 0.1 & echo $! >{}'", file.display()));
    let orphan: i32 = read_once_written(&file).parse().unwrap();
    stage.until("the orphan is reaped", |_| !exists(orphan));
    let verdict = if child.wait().is_ok() { "only the application's" } else { "none" };
    fs::write(stage.directory().join("zombies"), format!("{verdict}\n")).unwrap();
}

#[test]
fn a_fork_of_the_manager_cannot_use_the_supervisor_nor_end_its_workers() {
    let mut stage = Stage::obedient();
    stage.scale(1);
    let pid = stage.until_idle(1)[0];
    // SAFETY: the child only asks the supervisor, which refuses before it does anything, and ends.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let refused = matches!(stage.supervisor.supervise(Duration::ZERO), Err(SupervisorError::ForeignProcess { .. }));
        // SAFETY: a signal to the fork itself, which then ends without running anything else of the test's.
        unsafe {
            libc::raise(libc::SIGTERM);
            libc::_exit(i32::from(!refused));
        };
    }
    let mut status = 0;
    // SAFETY: waits for the child made just now.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0);
    assert!(exists(pid));
    stage.turn();
    assert_eq!(stage.supervisor.stop_requested(), None, "the fork's signal was taken for the manager's");
}
