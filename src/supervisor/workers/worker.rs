//! One worker's place: its process, where it stands, and what it has told.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

use nix::errno::Errno;
use nix::unistd::Pid;

use super::attempts::{AttemptOutcome, Ended};
use super::backoff::Life;
use super::event::{KillReason, WorkerName};
use super::footprint::ProcessUsage;
use super::health::Health;
use super::orphaned_workers::{OrphanedWorker, ProcessIdentity};
use super::output::OutputTail;
use super::reaper::{Exit, reap};
use super::spawner::Spawned;
use super::status_pipe::{StatusMessage, StatusReader};
use super::worker_state::{IllegalTransition, WorkerState, WorkerStep};
use crate::config::PoolId;

/// Bytes read of a pipe at a time: what a pipe holds on Linux.
const READ_BYTES: usize = 64 * 1024;

/// The job that a worker is in, or after which it has not looked for another one.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// When the supervisor heard of it.
    pub started_at: Instant,
    /// When the supervisor heard that it has ended; from then on the worker is on its way to the next look.
    pub ended_at: Option<Instant>,
    /// How long it may run in seconds, 0 for no limit, if it has a limit of its own.
    pub limit_seconds: Option<u64>,
    /// By which other attempts of the same job are known as its own.
    pub number: Option<u64>,
    /// Whether the job has failed for good, once the worker has told that it ran out of time.
    pub timed_out: Option<bool>,
}

/// The moment at which a worker that was asked to leave is killed, and why.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// When; `None` for never.
    pub at: Option<Instant>,
    /// When it was asked.
    pub asked_at: Instant,
    /// What to call it.
    pub reason: KillReason,
}

/// What a message of a worker changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    /// Its loop is up, so many seconds after its spawn.
    Booted {
        /// The seconds.
        boot_seconds: f64,
    },
    /// It took a job.
    JobStarted {
        /// How long the job waited since it was due in seconds, if the worker knows.
        pickup_seconds: Option<f64>,
        /// By which other attempts of the same job are known as its own.
        job_number: Option<u64>,
    },
    /// Its job has ended.
    JobEnded(Ended),
    /// It looks for the next job, so many seconds after it took the last one.
    Looks {
        /// The seconds.
        busy_seconds: f64,
    },
}

#[derive(Debug)]
struct Process {
    pid: Pid,
    output: Option<OwnedFd>,
    status: Option<OwnedFd>,
}

/// One place in a pool, with the process that fills it.
#[derive(Debug)]
pub struct Worker {
    number: u64,
    state: WorkerState,
    process: Option<Process>,
    spawned_at: Instant,
    booted: bool,
    /// Whether it tells when it looks for the next job; otherwise it looks as soon as its job has ended.
    tells_looks: bool,
    job: Option<Job>,
    /// Since when it looks for a job.
    idle_since: Option<Instant>,
    jobs_done: u64,
    /// Whether its last attempt told how it ended.
    tells_outcomes: bool,
    status_reader: StatusReader,
    output_tail: OutputTail,
    writes_much: bool,
    /// Whether a new process takes its place although it is on its way out.
    replaced: bool,
    /// Of one that an earlier manager left behind: which process, as it is not this one's child.
    orphan: Option<ProcessIdentity>,
    /// When it is killed, once it was asked to leave.
    pub deadline: Option<Deadline>,
    /// When one that an earlier manager left behind is asked to leave; `None` for never.
    pub orphan_asked_at: Option<Instant>,
    /// When its process is started anew, while it backs off.
    pub restart_at: Option<Instant>,
    /// What its process used at the last reading.
    pub usage: Option<ProcessUsage>,
    /// What its process looked like from outside.
    pub health: Health,
}

impl Worker {
    /// A place whose process was just started.
    pub fn started(number: u64, spawned: Spawned, now: Instant) -> Self {
        let mut worker = Self::without_process(number, WorkerState::Starting, now);
        worker.process = Some(Process::of(spawned));
        worker
    }

    /// A place whose process will be started at `restart_at`.
    pub fn waiting(number: u64, restart_at: Instant, now: Instant) -> Self {
        let mut worker = Self::without_process(number, WorkerState::BackingOff, now);
        worker.restart_at = Some(restart_at);
        worker
    }

    /// The place of a worker that an earlier manager left behind.
    pub fn orphaned(number: u64, orphan: &OrphanedWorker, now: Instant) -> Self {
        let mut worker = Self::without_process(number, WorkerState::Orphaned, now);
        worker.process = Some(Process { pid: Pid::from_raw(orphan.process.pid), output: None, status: None });
        worker.orphan = Some(orphan.process);
        worker
    }

    fn without_process(number: u64, state: WorkerState, now: Instant) -> Self {
        Self {
            number,
            state,
            process: None,
            spawned_at: now,
            booted: false,
            tells_looks: false,
            job: None,
            idle_since: None,
            jobs_done: 0,
            tells_outcomes: true,
            status_reader: StatusReader::default(),
            output_tail: OutputTail::default(),
            writes_much: false,
            replaced: false,
            orphan: None,
            orphan_asked_at: None,
            deadline: None,
            restart_at: None,
            usage: None,
            health: Health::default(),
        }
    }

    /// Fills an empty place with a new process.
    pub fn restart(&mut self, spawned: Spawned, now: Instant) -> Result<(), IllegalTransition> {
        let state = self.state.after(WorkerStep::Restarted)?;
        *self = Self::started(self.number, spawned, now);
        self.state = state;
        Ok(())
    }

    /// Takes a step, or refuses it.
    pub fn step(&mut self, step: WorkerStep) -> Result<(), IllegalTransition> {
        self.state = self.state.after(step)?;
        Ok(())
    }

    /// Its process is gone: closes the pipes, and tells which job it was in, or had not looked after.
    pub fn lost_process(&mut self) -> Result<Option<Job>, IllegalTransition> {
        self.step(WorkerStep::Exited)?;
        self.process = None;
        self.deadline = None;
        Ok(self.job.take())
    }

    /// The state machine's state.
    pub fn state(&self) -> WorkerState {
        self.state
    }

    /// Whether it fills one of the places that the pool's target asks for.
    pub fn counts_towards_target(&self) -> bool {
        self.state.counts_towards_target() || self.replaced
    }

    /// Whether a new process takes its place although it is on its way out.
    pub fn is_replaced(&self) -> bool {
        self.replaced
    }

    /// Decides whether a new process takes its place once it is gone.
    pub fn set_replaced(&mut self, replaced: bool) {
        self.replaced = replaced;
    }

    /// Whether an earlier manager left it behind.
    pub fn is_orphan(&self) -> bool {
        self.orphan.is_some()
    }

    /// Whether its process can be sent a signal. That of an orphan, which others reap, may be gone and its number another's.
    pub fn can_be_signalled(&self) -> bool {
        self.orphan.is_none_or(ProcessIdentity::runs)
    }

    /// How its process ended; `None` while it has not.
    pub fn exit(&self) -> Option<Exit> {
        match self.orphan {
            Some(process) => (self.process.is_some() && !process.runs()).then_some(Exit::Unheard),
            None => self.pid().and_then(reap),
        }
    }

    /// The number of its place.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Its process.
    pub fn pid(&self) -> Option<Pid> {
        self.process.as_ref().map(|process| process.pid)
    }

    /// When its process was spawned.
    pub fn spawned_at(&self) -> Instant {
        self.spawned_at
    }

    /// The job that it is in.
    pub fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// Since when it has been looking for a job; `None` where it is in one, or tells nothing.
    pub fn idle_since(&self) -> Option<Instant> {
        self.idle_since.filter(|_| self.state == WorkerState::Ready)
    }

    /// Jobs that its process finished.
    pub fn jobs_done(&self) -> u64 {
        self.jobs_done
    }

    /// Whether it tells how its attempts end, as far as is known.
    pub fn tells_outcomes(&self) -> bool {
        self.tells_outcomes
    }

    /// Whether its loop ever came up.
    pub fn has_booted(&self) -> bool {
        self.booted
    }

    /// The end of its output.
    pub fn output_tail(&self) -> Vec<String> {
        self.output_tail.lines()
    }

    /// How events call it.
    pub fn name(&self, pool: &PoolId) -> WorkerName {
        WorkerName { pool: pool.clone(), worker: self.number, pid: self.pid().map(Pid::as_raw) }
    }

    /// The life of its process, ended at `now`.
    pub fn life(&self, now: Instant) -> Life {
        Life { spawned_at: self.spawned_at, ended_at: now, booted: self.booted, jobs_done: self.jobs_done }
    }

    /// The life of a process that could not even be started.
    pub fn stillborn(&self, now: Instant) -> Life {
        Life { spawned_at: now, ended_at: now, booted: false, jobs_done: 0 }
    }

    /// The pipes that may have something to read.
    pub fn pipes(&self) -> impl Iterator<Item = &OwnedFd> {
        self.process.iter().flat_map(|process| process.output.iter().chain(&process.status))
    }

    /// Reads what has come over both pipes, never waiting, and tells what changed.
    pub fn read_pipes(&mut self, now: Instant, on_line: impl FnMut(&str)) -> Result<Vec<News>, IllegalTransition> {
        self.writes_much = self.read_output(on_line) >= READ_BYTES / 2;
        let mut news = Vec::new();
        for message in self.read_status() {
            self.hear(message, now, &mut news)?;
        }
        Ok(news)
    }

    /// Whether its output had half filled the pipe when that was last read.
    pub fn writes_much(&self) -> bool {
        self.writes_much
    }

    /// Reads its output; tells how many bytes.
    fn read_output(&mut self, mut on_line: impl FnMut(&str)) -> usize {
        let tail = &mut self.output_tail;
        self.process
            .as_mut()
            .map_or(0, |process| read_available(&mut process.output, |bytes| tail.append(bytes, &mut on_line)))
    }

    fn read_status(&mut self) -> Vec<StatusMessage> {
        let mut messages = Vec::new();
        let reader = &mut self.status_reader;
        if let Some(process) = &mut self.process {
            read_available(&mut process.status, |bytes| {
                messages.extend(bytes.iter().filter_map(|byte| reader.read(*byte)));
            });
        }
        messages
    }

    /// A worker's word is not trusted: what does not fit its state is put right or left out.
    fn hear(&mut self, message: StatusMessage, now: Instant, news: &mut Vec<News>) -> Result<(), IllegalTransition> {
        if self.state == WorkerState::Killed {
            return Ok(());
        }
        match message {
            StatusMessage::Ready { tells_looks } => {
                self.tells_looks |= tells_looks;
                self.boot(now, news)
            }
            StatusMessage::JobStarted { limit_seconds, pickup_seconds, job_number } => {
                self.boot(now, news)?;
                self.look(None, now, news)?;
                self.step(WorkerStep::JobStarted)?;
                self.job =
                    Some(Job { started_at: now, ended_at: None, limit_seconds, number: job_number, timed_out: None });
                self.idle_since = None;
                news.push(News::JobStarted { pickup_seconds, job_number });
                Ok(())
            }
            StatusMessage::JobEnded { duration_seconds, outcome } => {
                self.end_job(duration_seconds, outcome, now, news);
                if self.tells_looks { Ok(()) } else { self.look(duration_seconds, now, news) }
            }
            StatusMessage::Looks { busy_seconds } => self.look(busy_seconds, now, news),
            StatusMessage::TimedOut { failed } => {
                if let Some(job) = &mut self.job {
                    job.timed_out = Some(failed);
                }
                Ok(())
            }
        }
    }

    fn boot(&mut self, now: Instant, news: &mut Vec<News>) -> Result<(), IllegalTransition> {
        if !self.booted {
            self.step(WorkerStep::Booted)?;
            self.booted = true;
            self.idle_since = Some(now);
            news.push(News::Booted { boot_seconds: seconds_between(self.spawned_at, now) });
        }
        Ok(())
    }

    /// The job has ended; the worker has not looked for another one.
    fn end_job(
        &mut self,
        duration_seconds: Option<f64>,
        outcome: Option<AttemptOutcome>,
        now: Instant,
        news: &mut Vec<News>,
    ) {
        if let Some(job) = self.job.as_mut().filter(|job| job.ended_at.is_none()) {
            job.ended_at = Some(now);
            self.jobs_done = self.jobs_done.saturating_add(1);
            let duration_seconds = duration_seconds.unwrap_or_else(|| seconds_between(job.started_at, now));
            let outcome = job.timed_out.map(|failed| AttemptOutcome::TimedOut { failed }).or(outcome);
            self.tells_outcomes = outcome.is_some();
            news.push(News::JobEnded(Ended { at: now, duration_seconds, job_number: job.number, outcome }));
        }
    }

    /// It looks for the next job, which is the end of the last one and of what came after that.
    fn look(&mut self, busy_seconds: Option<f64>, now: Instant, news: &mut Vec<News>) -> Result<(), IllegalTransition> {
        self.end_job(busy_seconds, None, now, news);
        if let Some(job) = self.job.take() {
            self.step(WorkerStep::JobEnded)?;
            self.idle_since = Some(now);
            let busy_seconds = busy_seconds.unwrap_or_else(|| seconds_between(job.started_at, now));
            news.push(News::Looks { busy_seconds });
        }
        Ok(())
    }

    /// Its job has ended, but it does not look for another one: it is not at work any more.
    pub fn rest(&mut self, now: Instant) -> Result<Option<News>, IllegalTransition> {
        let busy_seconds = self.job.map(|job| seconds_between(job.started_at, job.ended_at.unwrap_or(now)));
        let mut news = Vec::new();
        self.look(busy_seconds, now, &mut news)?;
        Ok(news.pop())
    }
}

impl Process {
    fn of(spawned: Spawned) -> Self {
        Self { pid: spawned.pid, output: Some(spawned.output), status: Some(spawned.status) }
    }
}

/// Seconds from `start` to `end`, 0 where `end` comes first.
pub fn seconds_between(start: Instant, end: Instant) -> f64 {
    end.saturating_duration_since(start).as_secs_f64()
}

/// Reads what is there, at most what the pipe holds, and closes a pipe that has ended. Tells how many bytes there were.
fn read_available(pipe: &mut Option<OwnedFd>, mut on_bytes: impl FnMut(&[u8])) -> usize {
    let Some(descriptor) = pipe else { return 0 };
    let mut bytes = [0_u8; READ_BYTES];
    match nix::unistd::read(descriptor.as_fd(), &mut bytes).map_err(io::Error::from) {
        Ok(0) => *pipe = None,
        Ok(count) => {
            on_bytes(&bytes[..count]);
            return count;
        }
        Err(error) if is_nothing_there(&error) => (),
        Err(_) => *pipe = None,
    }
    0
}

fn is_nothing_there(error: &io::Error) -> bool {
    [Errno::EAGAIN, Errno::EINTR].iter().any(|errno| error.raw_os_error() == Some(*errno as i32))
}
