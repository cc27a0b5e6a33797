//! The workers of one pool: grown, shrunk, watched and restarted together. All counts are derived from their states.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use super::attempts::{AttemptOutcome, Attempts, Ended};
use super::backoff::{Backoff, Ending};
use super::boot_time::BootTime;
use super::error::SupervisorError;
use super::event::{KillReason, SupervisorEvent};
use super::footprint::{Footprint, PoolReading, read_usage};
use super::health::Ailment;
use super::orphaned_workers::{LOOK_INTERVAL, OrphanedWorker};
use super::reaper::Exit;
use super::spawner::WorkerSpawner;
use super::status::WorkerStatus;
use super::terminator;
use super::worker::{Deadline, Job, News, Worker, seconds_between};
use super::worker_state::{WorkerState, WorkerStep};
use crate::config::{PoolId, WorkerOptions};
use crate::engine::{IDLE_GRACE_SECONDS, PoolWorkers};

/// A worker that has said nothing for so long since its spawn has no listener.
const SILENT_AFTER: Duration = Duration::from_secs(10);

/// After its job a worker looks for the next one in moments. One that does not for so long is not at work: the application is in
/// maintenance mode, the worker was paused, or `--rest` has it wait.
const LOOKS_WITHIN: Duration = Duration::from_secs(5);

/// How long a worker must have found no job to count as idle.
const IDLE_GRACE: Duration = Duration::from_millis((1000.0 * IDLE_GRACE_SECONDS) as u64);

/// Exit codes of `queue:work` that are no crash: done, and memory limit reached.
const ORDINARY_EXIT_CODES: [i32; 2] = [0, 12];

/// What a pool needs from its supervisor to act.
pub struct Hands<'a> {
    /// This instant.
    pub now: Instant,
    /// Makes processes.
    pub spawner: &'a WorkerSpawner,
    /// Where to tell.
    pub events: &'a mut Vec<SupervisorEvent>,
    /// The number of the next place.
    pub next_number: &'a mut u64,
    /// Whether lines of output are told.
    pub tells_output: bool,
    /// Whether nobody is started any more.
    pub is_shutting_down: bool,
}

impl Hands<'_> {
    fn next_number(&mut self) -> u64 {
        let number = *self.next_number;
        *self.next_number = number.saturating_add(1);
        number
    }
}

/// One pool.
#[derive(Debug)]
pub struct WorkerPool {
    id: PoolId,
    options: WorkerOptions,
    workers: Vec<Worker>,
    backoff: Backoff,
    boot: BootTime,
    footprint: Footprint,
    /// How many stay although they find no job; `None` for all.
    idle_floor: Option<usize>,
    /// How many jobs are known to wait still: those that were told, less those that its workers have started since.
    waiting_jobs: u64,
    /// What became of the attempts.
    attempts: Attempts,
    /// Whether any worker ever spoke. As long as none has, nobody knows whether those that run boot or work.
    ever_spoken: bool,
    /// Seconds of workers from taking a job to looking for the next one, of all that have looked.
    busy_seconds_ended: f64,
    /// The highest total told so far: what a worker measures may be less than what was seen.
    busy_seconds_told: Cell<f64>,
    /// The total at the last reading of `/proc`, and when that was.
    read_before: Option<(Instant, f64)>,
    /// When it is looked next whether orphans are gone; `None` where there is none.
    orphans_due_at: Option<Instant>,
}

impl WorkerPool {
    /// A pool without workers.
    pub fn new(id: PoolId, options: WorkerOptions) -> Self {
        Self {
            id,
            options,
            workers: Vec::new(),
            backoff: Backoff::default(),
            boot: BootTime::default(),
            footprint: Footprint::default(),
            idle_floor: None,
            waiting_jobs: 0,
            attempts: Attempts::default(),
            ever_spoken: false,
            busy_seconds_ended: 0.0,
            busy_seconds_told: Cell::new(0.0),
            read_before: None,
            orphans_due_at: None,
        }
    }

    /// From now on workers are started with these options.
    pub fn use_options(&mut self, options: &WorkerOptions) {
        if self.options != *options {
            self.options = options.clone();
        }
    }

    /// From now on whoever finds no job leaves while there are more than `floor`; `None` lets all stay.
    pub fn set_idle_floor(&mut self, floor: Option<usize>) {
        self.idle_floor = floor;
    }

    /// So many jobs wait now. Until its workers have started as many, nobody counts as without a job: whoever has none is
    /// still taking one from a slow or busy queue.
    pub fn set_waiting_jobs(&mut self, jobs: u64) {
        self.waiting_jobs = jobs;
    }

    /// Its workers.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// How many fill the places that a target asks for.
    pub fn current(&self) -> usize {
        self.workers.iter().filter(|worker| worker.counts_towards_target()).count()
    }

    /// Whether `pid` is one of its workers.
    pub fn owns(&self, pid: i32) -> bool {
        self.workers.iter().any(|worker| worker.pid().is_some_and(|own| own.as_raw() == pid))
    }

    /// Takes in a worker that an earlier manager left behind.
    pub fn adopt(&mut self, orphan: &OrphanedWorker, hands: &mut Hands<'_>) {
        let mut worker = Worker::orphaned(hands.next_number(), orphan, hands.now);
        // Its job began before it was found, so that its time is over then at the latest.
        worker.orphan_asked_at = orphan.timeout.and_then(|timeout| hands.now.checked_add(timeout));
        self.orphans_due_at.get_or_insert(hands.now + LOOK_INTERVAL);
        hands.events.push(SupervisorEvent::OrphanFound {
            name: worker.name(&self.id),
            asked_in_seconds: orphan.timeout.map(|timeout| timeout.as_secs_f64()),
        });
        self.workers.push(worker);
    }

    /// How many have a process.
    pub fn processes(&self) -> usize {
        self.workers.iter().filter(|worker| worker.state().has_process()).count()
    }

    /// Adds `count` places; tells how many have a process at once.
    pub fn grow(&mut self, count: usize, hands: &mut Hands<'_>) -> Result<u32, SupervisorError> {
        let mut started = 0;
        for _ in 0..count {
            let number = hands.next_number();
            let restart_at = self.backoff.failing_until().unwrap_or(hands.now);
            self.workers.push(Worker::waiting(number, restart_at, hands.now));
            if self.backoff.failing_until().is_none() && self.start(self.workers.len() - 1, hands)? {
                started += 1;
            }
        }
        Ok(started)
    }

    /// Asks the `count` workers to leave whose leaving costs least.
    pub fn shrink(&mut self, count: usize, hands: &mut Hands<'_>) -> Result<u32, SupervisorError> {
        let leaving = terminator::first_to_leave(&self.workers, count);
        for index in &leaving {
            let worker = &mut self.workers[*index];
            if worker.is_replaced() {
                worker.set_replaced(false);
                continue;
            }
            self.ask_to_drain(*index, hands.now)?;
        }
        // Places without a process are simply given up.
        let mut index = 0;
        self.workers.retain(|worker| {
            let stays = worker.pid().is_some() || !leaving.contains(&index);
            index += 1;
            stays
        });
        Ok(u32::try_from(leaving.len()).unwrap_or(u32::MAX))
    }

    /// Asks one that has a process to leave after its job.
    fn ask_to_drain(&mut self, index: usize, now: Instant) -> Result<(), SupervisorError> {
        let worker = &mut self.workers[index];
        let Some(pid) = worker.pid() else { return Ok(()) };
        worker.step(WorkerStep::AskedToDrain)?;
        worker.deadline = Some(Deadline {
            at: terminator::drain_deadline(&self.options, worker.job(), now, now),
            asked_at: now,
            reason: KillReason::DrainTimeout,
        });
        terminator::ask(pid);
        Ok(())
    }

    /// Asks all to leave because everything stops.
    pub fn stop(&mut self, now: Instant) -> Result<(), SupervisorError> {
        self.workers.retain(|worker| worker.state().has_process());
        for worker in &mut self.workers {
            let (Some(pid), false) = (worker.pid(), worker.state() == WorkerState::Killed) else { continue };
            if !worker.can_be_signalled() {
                continue;
            }
            let was_asked = worker.state() == WorkerState::Draining;
            if worker.state() != WorkerState::Stopping {
                worker.step(WorkerStep::AskedToStop)?;
                worker.deadline = Some(Deadline {
                    at: terminator::stop_deadline(&self.options, now),
                    asked_at: now,
                    reason: KillReason::ShutdownTimeout,
                });
            }
            if !was_asked {
                terminator::ask(pid);
            }
        }
        Ok(())
    }

    /// Kills all that still run.
    pub fn kill(&mut self, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        for index in 0..self.workers.len() {
            self.kill_worker(index, KillReason::Immediate, hands.now, hands)?;
        }
        Ok(())
    }

    /// Reads one worker's pipes.
    pub fn read_pipes(&mut self, index: usize, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        let Some(worker) = self.workers.get_mut(index) else { return Ok(()) };
        let name = worker.name(&self.id);
        let events = &mut *hands.events;
        let tells_output = hands.tells_output;
        let news = worker.read_pipes(hands.now, |line| {
            if tells_output {
                events.push(SupervisorEvent::OutputLine { name: name.clone(), line: line.to_owned() });
            }
        })?;
        for piece in &news {
            if let News::Booted { boot_seconds } = *piece {
                self.ever_spoken = true;
                self.boot.learn(boot_seconds);
                self.backoff.start_succeeded();
                hands.events.push(SupervisorEvent::WorkerReady { name: name.clone(), boot_seconds });
            }
            self.count(piece, hands.now);
        }
        if !news.is_empty() {
            self.renew_drain_deadline(index, hands.now);
        }
        Ok(())
    }

    fn count(&mut self, news: &News, now: Instant) {
        match *news {
            News::Booted { .. } => (),
            News::JobStarted { pickup_seconds, job_number } => {
                self.waiting_jobs = self.waiting_jobs.saturating_sub(1);
                self.attempts.begin(pickup_seconds, job_number, now);
            }
            News::JobEnded(ended) => self.attempts.end(&ended),
            News::Looks { busy_seconds } => self.busy_seconds_ended += busy_seconds,
        }
    }

    /// A worker that took a job at the very moment it was asked to leave has that job's time.
    fn renew_drain_deadline(&mut self, index: usize, now: Instant) {
        let worker = &mut self.workers[index];
        if worker.state() != WorkerState::Draining {
            return;
        }
        if let Some(deadline) = worker.deadline.filter(|deadline| deadline.reason == KillReason::DrainTimeout) {
            let at = terminator::drain_deadline(&self.options, worker.job(), deadline.asked_at, now);
            worker.deadline = Some(Deadline { at, ..deadline });
        }
    }

    /// Hears which workers have ended, and replaces those that nobody asked to.
    pub fn reap(&mut self, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        for index in 0..self.workers.len() {
            if let Some(exit) = self.workers[index].exit() {
                // What it said last is still in its pipes.
                self.read_pipes(index, hands)?;
                self.ended(index, exit, hands)?;
            }
        }
        self.workers.retain(|worker| worker.state() != WorkerState::Exited);
        Ok(())
    }

    fn ended(&mut self, index: usize, exit: Exit, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        let worker = &mut self.workers[index];
        let name = worker.name(&self.id);
        if worker.is_orphan() {
            worker.lost_process()?;
            hands.events.push(SupervisorEvent::OrphanGone { name });
            return Ok(());
        }
        let asked = worker.state().is_leaving();
        let stays_empty = hands.is_shutting_down || (asked && !worker.is_replaced());
        let job = worker.lost_process()?;
        let seconds_since_its_start = |job: Job| seconds_between(job.started_at, hands.now);
        self.busy_seconds_ended += job.map_or(0.0, seconds_since_its_start);
        let lost = job.filter(|job| job.ended_at.is_none());
        let job_seconds = lost.map(seconds_since_its_start);
        if let Some((job, failed)) = lost.and_then(|job| Some((job, job.timed_out?))) {
            self.attempts.end(&Ended {
                at: hands.now,
                duration_seconds: seconds_since_its_start(job),
                job_number: job.number,
                outcome: Some(AttemptOutcome::TimedOut { failed }),
            });
        }
        let ending = ending(exit);
        let pause = if stays_empty || asked {
            Duration::ZERO
        } else {
            self.backoff.pause_after(ending, &worker.life(hands.now))
        };
        let event = if asked || ending == Ending::Ordinary {
            SupervisorEvent::WorkerExited {
                name,
                exit_code: exit.code(),
                signal: exit.signal(),
                asked,
                restart_in_seconds: (!stays_empty).then_some(pause.as_secs_f64()),
            }
        } else {
            SupervisorEvent::WorkerCrashed {
                name,
                exit_code: exit.code(),
                signal: exit.signal(),
                job_seconds,
                output_tail: worker.output_tail(),
                restart_in_seconds: pause.as_secs_f64(),
            }
        };
        hands.events.push(event);
        if stays_empty {
            return Ok(());
        }
        if pause.is_zero() {
            self.start(index, hands)?;
        } else {
            self.put_off(index, hands.now + pause)?;
        }
        Ok(())
    }

    /// What its workers failed of since `since` is over: those that back off for it start now.
    pub fn end_back_off(&mut self, since: Instant, now: Instant) {
        if self.backoff.forgive(since, now) {
            for worker in self.workers.iter_mut().filter(|worker| worker.state() == WorkerState::BackingOff) {
                worker.restart_at = Some(now);
            }
        }
    }

    /// Starts a process in an empty place; tells whether it could be.
    fn start(&mut self, index: usize, hands: &mut Hands<'_>) -> Result<bool, SupervisorError> {
        let worker = &mut self.workers[index];
        match hands.spawner.spawn(&self.id, &self.options) {
            Ok(spawned) => {
                worker.restart(spawned, hands.now)?;
                hands.events.push(SupervisorEvent::WorkerStarted { name: worker.name(&self.id) });
                Ok(true)
            }
            Err(error) => {
                let pause = self.backoff.pause_after(Ending::Crash, &worker.stillborn(hands.now));
                hands.events.push(SupervisorEvent::WorkerCrashed {
                    name: worker.name(&self.id),
                    exit_code: None,
                    signal: None,
                    job_seconds: None,
                    output_tail: vec![format!("{} could not be started: {error}", self.options.php_binary)],
                    restart_in_seconds: pause.as_secs_f64(),
                });
                self.put_off(index, hands.now + pause)?;
                Ok(false)
            }
        }
    }

    fn put_off(&mut self, index: usize, restart_at: Instant) -> Result<(), SupervisorError> {
        let worker = &mut self.workers[index];
        if worker.state() == WorkerState::Exited {
            worker.step(WorkerStep::PutOff)?;
        }
        worker.restart_at = Some(restart_at);
        Ok(())
    }

    /// Does what is due: kills, restarts, and takes the silent for what they are.
    pub fn do_what_is_due(&mut self, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        if self.orphans_due_at.is_some_and(|due_at| due_at <= hands.now) {
            self.reap(hands)?;
            self.orphans_due_at = self.workers.iter().any(Worker::is_orphan).then(|| hands.now + LOOK_INTERVAL);
        }
        for index in 0..self.workers.len() {
            match self.next_due_of(&self.workers[index], self.has_more_than_stay()) {
                Some((at, due)) if at <= hands.now => match due {
                    Due::Kill(reason) => self.kill_worker(index, reason, at, hands)?,
                    Due::Restart => self.restart_if_sensible(index, hands)?,
                    Due::AskOrphan => self.ask_orphan(index, hands.now),
                    Due::Leave => self.let_go_if_idle(index, hands)?,
                    Due::TakeForResting => {
                        if let Some(news) = self.workers[index].rest(hands.now)? {
                            self.count(&news, hands.now);
                        }
                    }
                    Due::TakeForSilent => {
                        self.workers[index].step(WorkerStep::StayedSilent)?;
                        self.backoff.start_succeeded();
                    }
                },
                _ => (),
            }
        }
        Ok(())
    }

    /// When something is due next.
    pub fn next_due(&self) -> Option<Instant> {
        let may_leave = self.has_more_than_stay();
        let of_workers = self.workers.iter().filter_map(|worker| self.next_due_of(worker, may_leave));
        of_workers.map(|(at, _)| at).chain(self.orphans_due_at).min()
    }

    fn next_due_of(&self, worker: &Worker, may_leave: bool) -> Option<(Instant, Due)> {
        match worker.state() {
            WorkerState::Starting => Some((worker.spawned_at() + SILENT_AFTER, Due::TakeForSilent)),
            WorkerState::BackingOff => {
                let at = worker.restart_at?;
                // While workers fail to start, one at a time tries; the others wait for how it fares.
                if self.backoff.failing_until().is_some() && self.has_starting() {
                    return None;
                }
                Some((at, Due::Restart))
            }
            WorkerState::Busy => {
                let job = worker.job()?;
                match job.ended_at {
                    Some(ended_at) => Some((ended_at + LOOKS_WITHIN, Due::TakeForResting)),
                    None => Some((terminator::overdue_at(&self.options, job)?, Due::Kill(KillReason::JobOverdue))),
                }
            }
            WorkerState::Orphaned if worker.deadline.is_none() => Some((worker.orphan_asked_at?, Due::AskOrphan)),
            WorkerState::Orphaned | WorkerState::Draining | WorkerState::Stopping => {
                let deadline = worker.deadline?;
                Some((deadline.at?, Due::Kill(deadline.reason)))
            }
            WorkerState::Ready if may_leave => Some((worker.idle_since()? + IDLE_GRACE, Due::Leave)),
            WorkerState::Ready | WorkerState::Unknown | WorkerState::Killed | WorkerState::Exited => None,
        }
    }

    /// The time of an orphan's job is over.
    fn ask_orphan(&mut self, index: usize, now: Instant) {
        let worker = &mut self.workers[index];
        let Some(pid) = worker.pid().filter(|_| worker.can_be_signalled()) else { return };
        worker.deadline =
            Some(Deadline { at: terminator::orphan_deadline(now), asked_at: now, reason: KillReason::Orphaned });
        terminator::ask(pid);
    }

    /// It leaves if it has still found no job, and others are enough.
    fn let_go_if_idle(&mut self, index: usize, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        // It may have told of a job meanwhile.
        self.read_pipes(index, hands)?;
        let is_idle = self.workers[index].idle_since().is_some_and(|since| since + IDLE_GRACE <= hands.now);
        if is_idle && self.has_more_than_stay() {
            self.ask_to_drain(index, hands.now)?;
        }
        Ok(())
    }

    fn has_more_than_stay(&self) -> bool {
        self.waiting_jobs == 0 && self.idle_floor.is_some_and(|floor| self.current() > floor)
    }

    fn has_starting(&self) -> bool {
        self.workers.iter().any(|worker| worker.state() == WorkerState::Starting)
    }

    fn restart_if_sensible(&mut self, index: usize, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        match self.backoff.failing_until() {
            Some(moment) if moment > hands.now => self.workers[index].restart_at = Some(moment),
            _ => {
                self.start(index, hands)?;
            }
        }
        Ok(())
    }

    fn kill_worker(
        &mut self,
        index: usize,
        reason: KillReason,
        due_at: Instant,
        hands: &mut Hands<'_>,
    ) -> Result<(), SupervisorError> {
        let worker = &mut self.workers[index];
        let (Some(pid), false) = (worker.pid(), worker.state() == WorkerState::Killed) else { return Ok(()) };
        if !worker.can_be_signalled() {
            return Ok(());
        }
        worker.set_replaced(matches!(reason, KillReason::JobOverdue | KillReason::Hung));
        worker.step(WorkerStep::Killed)?;
        terminator::kill_with_descendants(pid);
        hands.events.push(SupervisorEvent::WorkerKilled {
            name: worker.name(&self.id),
            reason,
            late_seconds: seconds_between(due_at, Instant::now()),
        });
        Ok(())
    }

    /// Reads from `/proc` what the workers use, learns from it, and sees to those that do not get on.
    pub fn read_usage(&mut self, hands: &mut Hands<'_>) -> Result<(), SupervisorError> {
        let mut reading = PoolReading::default();
        let mut ailing = Vec::new();
        for (index, worker) in self.workers.iter_mut().enumerate() {
            let Some(pid) = worker.pid() else { continue };
            let Some(usage) = read_usage(pid.as_raw()) else { continue };
            let before = worker.usage.replace(usage);
            // What its job did is not known, so what it takes tells nothing of others.
            if worker.is_orphan() {
                continue;
            }
            reading.cpu_seconds += (usage.cpu_seconds - before.map_or(0.0, |before| before.cpu_seconds)).max(0.0);
            reading.memory_bytes = reading.memory_bytes.saturating_add(usage.memory_bytes);
            if worker.has_booted() || worker.state() == WorkerState::Unknown {
                reading.booted_memory_bytes = reading.booted_memory_bytes.saturating_add(usage.memory_bytes);
                reading.booted += 1;
            }
            if let Some(ailment) = worker.health.examine(worker.state(), &usage) {
                ailing.push((index, pid, ailment));
            }
        }
        for (index, pid, ailment) in ailing {
            self.treat(index, pid, ailment, hands)?;
        }
        let busy_seconds = self.busy_seconds_total(hands.now);
        if let Some((read_at, busy_before)) = self.read_before.replace((hands.now, busy_seconds)) {
            reading.elapsed_seconds = seconds_between(read_at, hands.now);
            reading.busy_seconds = busy_seconds - busy_before;
            self.footprint.learn(&reading);
        } else {
            // No difference yet: the memory counts, CPU and busy time do not.
            self.footprint.learn(&PoolReading { cpu_seconds: 0.0, ..reading });
        }
        Ok(())
    }

    fn treat(
        &mut self,
        index: usize,
        pid: Pid,
        ailment: Ailment,
        hands: &mut Hands<'_>,
    ) -> Result<(), SupervisorError> {
        let worker = &mut self.workers[index];
        let reason = match ailment {
            Ailment::Stopped => {
                terminator::wake(pid);
                "it was stopped by a signal or a debugger; SIGCONT was sent"
            }
            Ailment::Undead => {
                terminator::kill_with_descendants(pid);
                "its main thread has ended but its process has not; SIGKILL was sent"
            }
            Ailment::Hung => {
                worker.step(WorkerStep::AskedToDrain)?;
                worker.set_replaced(true);
                worker.deadline = Some(Deadline {
                    at: terminator::stop_deadline(&self.options, hands.now),
                    asked_at: hands.now,
                    reason: KillReason::Hung,
                });
                terminator::ask(pid);
                "it is idle but has not looked for a job in minutes; it is being replaced"
            }
        };
        hands.events.push(SupervisorEvent::WorkerStuck { name: worker.name(&self.id), reason: reason.to_owned() });
        Ok(())
    }

    fn busy_seconds_total(&self, now: Instant) -> f64 {
        let under_way: f64 = self.jobs_under_way(now).sum();
        let total = self.busy_seconds_told.get().max(self.busy_seconds_ended + under_way);
        self.busy_seconds_told.set(total);
        total
    }

    fn jobs_under_way(&self, now: Instant) -> impl Iterator<Item = f64> {
        self.workers.iter().filter_map(move |worker| worker.job().map(|job| seconds_between(job.started_at, now)))
    }

    /// What the engine may know of the pool.
    pub fn summary(&self, now: Instant) -> PoolWorkers {
        let mut summary = PoolWorkers {
            busy_seconds_total: self.busy_seconds_total(now),
            longest_job_seconds: self.jobs_under_way(now).reduce(f64::max),
            boot_seconds: self.boot.mean_seconds(),
            worker_cpu_cores: self.footprint.worker_cpu_cores(),
            worker_memory_bytes: self.footprint.worker_memory_bytes(),
            cpu_used_cores: self.footprint.cpu_used_cores(),
            memory_used_bytes: self.footprint.memory_used_bytes(),
            ..PoolWorkers::none(self.id.clone())
        };
        for worker in &self.workers {
            match worker.state() {
                // A new process takes its place as soon as it is gone.
                _ if worker.is_replaced() => summary.starting += 1,
                WorkerState::Starting if !self.ever_spoken => summary.unknown += 1,
                WorkerState::Starting => summary.starting += 1,
                WorkerState::Ready => summary.idle += 1,
                WorkerState::Busy => summary.busy += 1,
                WorkerState::Unknown => summary.unknown += 1,
                WorkerState::Orphaned => {
                    summary.unknown += 1;
                    summary.orphaned += 1;
                }
                WorkerState::BackingOff => summary.backing_off += 1,
                WorkerState::Draining | WorkerState::Stopping | WorkerState::Killed => summary.draining += 1,
                WorkerState::Exited => (),
            }
        }
        // Where some are silent, the others' count is not the pool's.
        if summary.unknown == 0 && self.ever_spoken {
            summary.jobs_finished_total = Some(self.attempts.ended());
            summary.attempts = self.workers.iter().all(Worker::tells_outcomes).then(|| self.attempts.totals());
            summary.pickups = summary.attempts.map(|_| Arc::new(self.attempts.pickups().clone()));
            summary.failing_jobs = summary.attempts.map(|_| self.attempts.failing_jobs());
        }
        summary
    }

    /// Each worker by itself.
    pub fn statuses(&self, now: Instant) -> impl Iterator<Item = WorkerStatus> {
        self.workers.iter().map(move |worker| WorkerStatus::of(worker, &self.id, now))
    }
}

/// What is due for a worker.
enum Due {
    Kill(KillReason),
    Restart,
    TakeForSilent,
    TakeForResting,
    AskOrphan,
    Leave,
}

/// Somebody else's SIGTERM is no crash: `queue:work` leaves on it in good order, and one that is still booting ends.
fn ending(exit: Exit) -> Ending {
    match exit {
        Exit::Code(code) if ORDINARY_EXIT_CODES.contains(&code) => Ending::Ordinary,
        Exit::Signal(libc::SIGTERM) | Exit::Unheard => Ending::Ordinary,
        Exit::Code(_) | Exit::Signal(_) => Ending::Crash,
    }
}
