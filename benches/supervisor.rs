//! What supervising costs: spawning and reaping, the time to a replacement, the error of a kill's deadline, CPU and
//! memory. Run by `cargo bench --bench supervisor`; each figure once more with 200 MB resident in the manager.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/supervisor_support/mod.rs"]
mod supervisor_support;

use std::fs;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::Signal;
use nix::sys::time::TimeValLike;
use queue_autoscale::workers::SupervisorEvent;
use supervisor_support::{Stage, signal};

/// Comes up, does a job at once, and waits until it is told to leave.
const RESTFUL: &str = "trap 'exit 0' TERM; mkfifo \"$DIRECTORY/$$\"; exec 4<>\"$DIRECTORY/$$\"; rm \"$DIRECTORY/$$\"
printf RB1I >&3; read -r line <&4";

/// Does a job and ends.
const SHORT_LIVED: &str = "printf RB1I >&3";

/// Does not leave when asked to.
const STUBBORN: &str =
    "trap '' TERM; mkfifo \"$DIRECTORY/$$\"; exec 4<>\"$DIRECTORY/$$\"; printf RB >&3; read -r line <&4";

const MEGABYTE: usize = 1024 * 1024;

fn main() {
    // `cargo test` runs benches too, to see that they work; that must not take long.
    let is_quick = !std::env::args().any(|argument| argument == "--bench");
    for ballast_megabytes in [0, 200] {
        let ballast = vec![1_u8; ballast_megabytes * MEGABYTE];
        println!("manager with {} MB resident", resident_bytes() / MEGABYTE);
        spawn_and_reap(if is_quick { 20 } else { 4_000 });
        starting(if is_quick { 5 } else { 200 });
        replacement(if is_quick { (5, 1) } else { (100, 5) });
        kill_deadline(if is_quick { 5 } else { 100 });
        idle(if is_quick { (10, 1) } else { (200, 20) });
        std::hint::black_box(&ballast);
    }
}

fn spawn_and_reap(lives: usize) {
    let mut stage = Stage::with_worker(SHORT_LIVED);
    let began_at = Instant::now();
    let mut ended = 0;
    stage.scale(1);
    while ended < lives {
        stage.turn();
        ended += stage.count(|event| matches!(event, SupervisorEvent::WorkerExited { .. }));
        stage.events.clear();
    }
    let seconds = began_at.elapsed().as_secs_f64();
    println!("  lives of /bin/sh, one after another: {:.0} a second", ended as f64 / seconds);

    let script = stage.options.artisan_path.clone();
    let began_at = Instant::now();
    for _ in 0..lives {
        std::process::Command::new("/bin/sh").args(["-c", "exec 3>/dev/null; . \"$0\"", &script]).status().unwrap();
    }
    let seconds = began_at.elapsed().as_secs_f64();
    println!("  the same by std::process::Command, without pipes: {:.0} a second", lives as f64 / seconds);
}

fn starting(count: u32) {
    let mut stage = Stage::with_worker(RESTFUL);
    let mut times: Vec<Duration> = (1..=count)
        .map(|target| {
            let began_at = Instant::now();
            stage.scale(target);
            began_at.elapsed()
        })
        .collect();
    println!("  scaling up by one worker: {}", quantiles(&mut times));
}

fn replacement((workers, rounds): (u32, u32)) {
    let mut stage = Stage::with_worker(RESTFUL);
    stage.scale(workers);
    let mut times = Vec::new();
    for _ in 0..rounds {
        stage.until_idle(workers as usize);
        // A place starts one worker a second at most.
        stage.watch(Duration::from_millis(1_100));
        for pid in stage.in_state("ready") {
            times.push(time_to_replacement(&mut stage, pid));
        }
    }
    println!("  from a worker's death to its replacement's start, {workers} workers: {}", quantiles(&mut times));
}

/// The worker dies while the manager waits in `poll`, as nearly always.
fn time_to_replacement(stage: &mut Stage, pid: i32) -> Duration {
    let (send, receive) = mpsc::channel();
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(2));
        let killed_at = Instant::now();
        signal(pid, Signal::SIGKILL);
        send.send(killed_at).unwrap();
    });
    loop {
        let events = stage.supervisor.supervise(Duration::from_secs(10)).unwrap();
        let replaced_at = Instant::now();
        if events.iter().any(|event| matches!(event, SupervisorEvent::WorkerStarted { .. })) {
            killer.join().unwrap();
            return replaced_at.saturating_duration_since(receive.recv().unwrap());
        }
    }
}

fn kill_deadline(workers: u32) {
    let mut stage = Stage::with_worker(STUBBORN);
    stage.options.shutdown_timeout_seconds = 1.0;
    stage.scale(workers);
    stage.until("all are busy", |stage| stage.in_state("busy").len() == workers as usize);
    let report = stage.supervisor.shutdown().unwrap();
    let mut times: Vec<Duration> = report
        .events
        .iter()
        .filter_map(|event| match event {
            SupervisorEvent::WorkerKilled { late_seconds, .. } => Some(Duration::from_secs_f64(*late_seconds)),
            _ => None,
        })
        .collect();
    println!("  SIGKILL after its deadline, {workers} workers: {}", quantiles(&mut times));
    println!("  all of them gone after it: {:.1} ms", (report.seconds - 1.0) * 1_000.0);
}

fn idle((workers, seconds): (u32, u64)) {
    let mut stage = Stage::with_worker(RESTFUL);
    let resident_before = resident_bytes();
    stage.scale(workers);
    stage.until_idle(workers as usize);
    let growth = resident_bytes().saturating_sub(resident_before);
    println!("  memory per supervised worker: {:.1} KB", growth as f64 / f64::from(workers) / 1_024.0);
    let (cpu_before, began_at) = (cpu_seconds(), Instant::now());
    stage.supervisor.supervise(Duration::from_secs(seconds)).unwrap();
    let share = (cpu_seconds() - cpu_before) / began_at.elapsed().as_secs_f64();
    println!("  CPU of an idle manager of {workers} workers: {:.3} % of a core", share * 100.0);
}

fn quantiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1_000.0;
    format!("median {:.3} ms, p99 {:.3} ms, max {:.3} ms", at(0.5), at(0.99), at(1.0))
}

fn cpu_seconds() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
}

fn resident_bytes() -> usize {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = text.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    kilobytes.and_then(|kilobytes| kilobytes.parse::<usize>().ok()).unwrap_or(0) * 1_024
}
