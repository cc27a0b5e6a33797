//! How workers are made to leave: who first, how they are asked, and until when they have time.

use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use super::worker::{Job, Worker};
use super::worker_state::WorkerState;
use crate::config::WorkerOptions;

/// Time on top of a job's own limit, in which `queue:work` itself should have ended it: only then is it stuck.
const OVERTIME: Duration = Duration::from_secs(10);

/// The indices of the `count` workers that should leave first: those whose leaving costs the least.
pub fn first_to_leave(workers: &[Worker], count: usize) -> Vec<usize> {
    let mut candidates: Vec<usize> = (0..workers.len()).filter(|index| may_be_asked(&workers[*index])).collect();
    candidates.sort_by_key(|index| (cost_of_leaving(&workers[*index]), workers[*index].spawned_at()));
    candidates.truncate(count);
    candidates
}

/// An orphan leaves by itself, and fills its place until then.
fn may_be_asked(worker: &Worker) -> bool {
    worker.counts_towards_target() && !worker.is_orphan()
}

/// A place whose process is gone, or as good as gone, costs nothing, an idle worker nothing but its next boot; a busy one
/// has a job to finish.
fn cost_of_leaving(worker: &Worker) -> u8 {
    match worker.state() {
        _ if worker.is_replaced() => 0,
        WorkerState::BackingOff => 0,
        WorkerState::Starting => 1,
        WorkerState::Ready => 2,
        WorkerState::Unknown => 3,
        WorkerState::Busy => 4,
        WorkerState::Orphaned
        | WorkerState::Draining
        | WorkerState::Stopping
        | WorkerState::Killed
        | WorkerState::Exited => 5,
    }
}

/// Asks a worker to leave after its job. One that somebody stopped is woken for it.
pub fn ask(pid: Pid) {
    // One that is gone already has nothing to be told.
    let _ = kill(pid, Signal::SIGTERM);
    let _ = kill(pid, Signal::SIGCONT);
}

/// Wakes a worker that somebody stopped.
pub fn wake(pid: Pid) {
    let _ = kill(pid, Signal::SIGCONT);
}

/// Kills a worker and all that it spawned.
pub fn kill_with_descendants(pid: Pid) {
    let _ = killpg(pid, Signal::SIGKILL);
}

/// Until when a worker that is asked at `now` to leave because its pool shrinks may stay; `None` for as long as it likes.
pub fn drain_deadline(options: &WorkerOptions, job: Option<&Job>, asked_at: Instant, now: Instant) -> Option<Instant> {
    match options.drain_timeout_seconds {
        Some(seconds) => after(asked_at, seconds),
        None => overtime_from(job.map_or(now, |job| job.started_at), job_limit(options, job)?),
    }
}

/// Until when a worker that is asked at `now` to leave because everything stops may stay.
pub fn stop_deadline(options: &WorkerOptions, now: Instant) -> Option<Instant> {
    after(now, options.shutdown_timeout_seconds)
}

/// When a job that is still running is far over its time; `None` where it has no limit.
pub fn overdue_at(options: &WorkerOptions, job: &Job) -> Option<Instant> {
    overtime_from(job.started_at, job_limit(options, Some(job))?)
}

/// Until when an orphan that was asked at `now` to leave may stay.
pub fn orphan_deadline(now: Instant) -> Option<Instant> {
    now.checked_add(OVERTIME)
}

fn overtime_from(start: Instant, limit: Duration) -> Option<Instant> {
    start.checked_add(limit)?.checked_add(OVERTIME)
}

/// A job's own limit goes before the worker's; 0 is none.
fn job_limit(options: &WorkerOptions, job: Option<&Job>) -> Option<Duration> {
    let seconds = job.and_then(|job| job.limit_seconds).unwrap_or(u64::from(options.timeout_seconds));
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// `None` for a moment too far away to be told.
fn after(start: Instant, seconds: f64) -> Option<Instant> {
    start.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{Job, drain_deadline, overdue_at};
    use crate::config::WorkerOptions;
    use std::time::{Duration, Instant};

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_draining_worker_has_its_timeout_and_a_margin() {
        let now = Instant::now();
        let options = WorkerOptions { timeout_seconds: 60, ..WorkerOptions::default() };
        assert_eq!(drain_deadline(&options, None, now, now), Some(now + seconds(70)));
    }

    #[test]
    fn a_draining_worker_without_a_timeout_is_never_killed() {
        let now = Instant::now();
        let options = WorkerOptions { timeout_seconds: 0, ..WorkerOptions::default() };
        assert_eq!(drain_deadline(&options, None, now, now), None);
    }

    #[test]
    fn the_configured_drain_timeout_goes_before_everything() {
        let now = Instant::now();
        let options = WorkerOptions { drain_timeout_seconds: Some(5.0), ..WorkerOptions::default() };
        let job = Job { started_at: now, ended_at: None, limit_seconds: Some(600), number: None, timed_out: None };
        assert_eq!(drain_deadline(&options, Some(&job), now, now + seconds(3)), Some(now + seconds(5)));
    }

    #[test]
    fn a_jobs_own_limit_goes_before_the_workers() {
        let now = Instant::now();
        let options = WorkerOptions { timeout_seconds: 60, ..WorkerOptions::default() };
        let job = Job { started_at: now, ended_at: None, limit_seconds: Some(600), number: None, timed_out: None };
        assert_eq!(overdue_at(&options, &job), Some(now + seconds(610)));
        assert_eq!(drain_deadline(&options, Some(&job), now, now), Some(now + seconds(610)));
        let endless = Job { started_at: now, ended_at: None, limit_seconds: Some(0), number: None, timed_out: None };
        assert_eq!(overdue_at(&options, &endless), None);
        assert_eq!(drain_deadline(&options, Some(&endless), now, now), None);
    }
}
