//! One pool's workers: who boots, idles, works, leaves, and what they cost.

use super::backlog::Waiting;
use super::environment::Environment;
use crate::config::{PoolId, PoolSettings};
use crate::engine::PoolWorkers;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Gone,
    Starting,
    Idle,
    Busy(Waiting),
}

#[derive(Clone, Copy, Debug)]
struct Worker {
    state: State,
    /// Told to leave after its job.
    leaving: bool,
    /// A look at the queue is planned.
    will_look: bool,
    /// Tells this worker from those that had its place before, and one idle time from the next.
    incarnation: u32,
    spawned_at_seconds: f64,
    state_since_seconds: f64,
}

/// What a worker had in hand when it finished.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finished {
    pub waiting: Waiting,
    /// It leaves now, because it was told to.
    pub leaves: bool,
}

/// One pool's workers.
#[derive(Debug, Default)]
pub(super) struct Workforce {
    workers: Vec<Worker>,
    free_places: Vec<u32>,
    /// Idle workers; the one that became idle last is the first to work or to leave.
    idle: Vec<u32>,
    starting: u32,
    busy: u32,
    leaving: u32,
    ever_ready: bool,
    finished_jobs: u64,
    finished_busy_seconds: f64,
    gone_worker_seconds: f64,
}

impl Workforce {
    /// Workers that count towards a target: all but those that leave.
    pub(super) fn current(&self) -> u32 {
        self.starting + self.idle.len() as u32 + self.busy
    }

    pub(super) fn starting(&self) -> u32 {
        self.starting
    }

    pub(super) fn idle(&self) -> u32 {
        self.idle.len() as u32
    }

    pub(super) fn leaving(&self) -> u32 {
        self.leaving
    }

    /// In a job, those that leave after it included.
    pub(super) fn in_a_job(&self) -> u32 {
        self.busy + self.leaving
    }

    pub(super) fn is_working(&self) -> bool {
        self.in_a_job() > 0
    }

    /// Starts a worker; returns its place and its incarnation.
    pub(super) fn spawn(&mut self, now_seconds: f64) -> (u32, u32) {
        self.starting += 1;
        let worker = Worker {
            state: State::Starting,
            leaving: false,
            will_look: false,
            incarnation: 0,
            spawned_at_seconds: now_seconds,
            state_since_seconds: now_seconds,
        };
        if let Some(place) = self.free_places.pop() {
            let incarnation = self.workers[place as usize].incarnation + 1;
            self.workers[place as usize] = Worker { incarnation, ..worker };
            return (place, incarnation);
        }
        self.workers.push(worker);
        (self.workers.len() as u32 - 1, 0)
    }

    /// A worker has booted and is idle; false if it was stopped before.
    pub(super) fn became_ready(&mut self, place: u32, incarnation: u32, now_seconds: f64) -> bool {
        let worker = &mut self.workers[place as usize];
        if worker.incarnation != incarnation || worker.state != State::Starting {
            return false;
        }
        worker.state = State::Idle;
        worker.state_since_seconds = now_seconds;
        self.starting -= 1;
        self.ever_ready = true;
        self.idle.push(place);
        true
    }

    /// Any idle worker takes the job; returns its place, `None` without an idle one.
    pub(super) fn begin_on_any(&mut self, waiting: Waiting, now_seconds: f64) -> Option<u32> {
        let place = self.idle.pop()?;
        self.begin(place, waiting, now_seconds);
        Some(place)
    }

    /// This idle worker takes the job.
    pub(super) fn begin_on(&mut self, place: u32, waiting: Waiting, now_seconds: f64) {
        if let Some(index) = self.idle.iter().rposition(|idle| *idle == place) {
            self.idle.remove(index);
            self.begin(place, waiting, now_seconds);
        }
    }

    fn begin(&mut self, place: u32, waiting: Waiting, now_seconds: f64) {
        let worker = &mut self.workers[place as usize];
        worker.state = State::Busy(waiting);
        worker.state_since_seconds = now_seconds;
        worker.will_look = false;
        worker.incarnation += 1;
        self.busy += 1;
    }

    /// A worker's job ends: it becomes idle, or leaves if it was told to.
    pub(super) fn finish(&mut self, place: u32, now_seconds: f64) -> Option<Finished> {
        let worker = &mut self.workers[place as usize];
        let State::Busy(waiting) = worker.state else { return None };
        self.finished_jobs += 1;
        self.finished_busy_seconds += now_seconds - worker.state_since_seconds;
        let leaves = worker.leaving;
        if leaves {
            self.leaving -= 1;
            self.goes(place, now_seconds);
        } else {
            self.busy -= 1;
            worker.state = State::Idle;
            worker.state_since_seconds = now_seconds;
            self.idle.push(place);
        }
        Some(Finished { waiting, leaves })
    }

    /// The idle worker that looks next among those whose look is not planned: its place, incarnation and the instant.
    /// Idle workers look every `poll_seconds` from the moment they became idle.
    pub(super) fn plan_look(&mut self, now_seconds: f64, poll_seconds: f64) -> Option<(u32, u32, f64)> {
        let next_look = |worker: &Worker| {
            let idle_seconds = now_seconds - worker.state_since_seconds;
            poll_seconds.mul_add((idle_seconds / poll_seconds).ceil(), worker.state_since_seconds)
        };
        let (place, at_seconds) = self
            .idle
            .iter()
            .filter(|place| !self.workers[**place as usize].will_look)
            .map(|place| (*place, next_look(&self.workers[*place as usize])))
            .min_by(|one, other| one.1.total_cmp(&other.1))?;
        let worker = &mut self.workers[place as usize];
        worker.will_look = true;
        Some((place, worker.incarnation, at_seconds.max(now_seconds)))
    }

    /// The idle workers: place, incarnation, and since when.
    pub(super) fn idle_workers(&self) -> Vec<(u32, u32, f64)> {
        let told = |place: &u32| {
            let worker = &self.workers[*place as usize];
            (*place, worker.incarnation, worker.state_since_seconds)
        };
        self.idle.iter().map(told).collect()
    }

    pub(super) fn incarnation(&self, place: u32) -> u32 {
        self.workers[place as usize].incarnation
    }

    /// The worker leaves, if it has been idle since it was `incarnation`.
    pub(super) fn leave_if_idle(&mut self, place: u32, incarnation: u32, now_seconds: f64) {
        let worker = &self.workers[place as usize];
        if worker.incarnation == incarnation && worker.state == State::Idle {
            self.tell_to_leave(place, now_seconds);
        }
    }

    /// Whether a planned look still counts; the plan is used up.
    pub(super) fn looks(&mut self, place: u32, incarnation: u32) -> bool {
        let worker = &mut self.workers[place as usize];
        if worker.incarnation != incarnation || worker.state != State::Idle {
            return false;
        }
        worker.will_look = false;
        true
    }

    /// Tells `count` workers to leave: idle ones at once, then those that boot, then busy ones after their job. Where
    /// workers do not tell whether they are in a job, those that run are told in the order of their age, newest first.
    pub(super) fn stop(&mut self, count: u32, status_known: bool, now_seconds: f64) {
        for _ in 0..count {
            let place = if status_known { self.place_to_stop() } else { self.newest() };
            let Some(place) = place else { return };
            self.tell_to_leave(place, now_seconds);
        }
    }

    fn place_to_stop(&self) -> Option<u32> {
        self.idle
            .last()
            .copied()
            .or_else(|| self.newest_where(|worker| worker.state == State::Starting))
            .or_else(|| self.newest_where(|worker| matches!(worker.state, State::Busy(_)) && !worker.leaving))
    }

    fn newest(&self) -> Option<u32> {
        self.newest_where(|worker| worker.state != State::Gone && !worker.leaving)
    }

    fn newest_where(&self, fits: impl Fn(&Worker) -> bool) -> Option<u32> {
        let fitting = self.workers.iter().enumerate().filter(|(_, worker)| fits(worker));
        let newest = fitting.max_by(|(_, one), (_, other)| one.spawned_at_seconds.total_cmp(&other.spawned_at_seconds));
        newest.map(|(place, _)| place as u32)
    }

    fn tell_to_leave(&mut self, place: u32, now_seconds: f64) {
        match self.workers[place as usize].state {
            State::Busy(_) => {
                self.workers[place as usize].leaving = true;
                self.busy -= 1;
                self.leaving += 1;
            }
            State::Idle => {
                self.idle.retain(|idle| *idle != place);
                self.goes(place, now_seconds);
            }
            State::Starting => {
                self.starting -= 1;
                self.goes(place, now_seconds);
            }
            State::Gone => {}
        }
    }

    fn goes(&mut self, place: u32, now_seconds: f64) {
        let worker = &mut self.workers[place as usize];
        self.gone_worker_seconds += now_seconds - worker.spawned_at_seconds;
        worker.state = State::Gone;
        worker.leaving = false;
        worker.incarnation += 1;
        self.free_places.push(place);
    }

    /// Worker-seconds from spawning to leaving, of all workers ever, up to now.
    pub(super) fn worker_seconds(&self, now_seconds: f64) -> f64 {
        let living = self.workers.iter().filter(|worker| worker.state != State::Gone);
        self.gone_worker_seconds + living.map(|worker| now_seconds - worker.spawned_at_seconds).sum::<f64>()
    }

    fn jobs_under_way(&self) -> impl Iterator<Item = &Worker> {
        self.workers.iter().filter(|worker| matches!(worker.state, State::Busy(_)))
    }

    /// Worker-seconds in jobs, of all workers ever, up to now.
    pub(super) fn busy_seconds(&self, now_seconds: f64) -> f64 {
        self.finished_busy_seconds
            + self.jobs_under_way().map(|worker| now_seconds - worker.state_since_seconds).sum::<f64>()
    }

    /// What the supervisor would report.
    pub(super) fn report(
        &self,
        pool: &PoolId,
        settings: &PoolSettings,
        environment: &Environment,
        now_seconds: f64,
    ) -> PoolWorkers {
        let living = self.current() + self.leaving;
        // As long as no worker has ever spoken, nobody can tell one that boots from one that tells nothing.
        let known = environment.status_listener && self.ever_ready;
        let running = self.idle() + self.busy;
        let began_first = self.jobs_under_way().map(|worker| worker.state_since_seconds).min_by(f64::total_cmp);
        PoolWorkers {
            starting: if known { self.starting } else { 0 },
            idle: if known { self.idle() } else { 0 },
            busy: if known { self.busy } else { 0 },
            unknown: if known { 0 } else { self.starting + running },
            draining: self.leaving,
            busy_seconds_total: if known { self.busy_seconds(now_seconds) } else { 0.0 },
            jobs_finished_total: known.then_some(self.finished_jobs),
            longest_job_seconds: began_first.filter(|_| known).map(|began| now_seconds - began),
            boot_seconds: known.then_some(environment.boot_seconds),
            worker_cpu_cores: self.ever_ready.then_some(settings.worker_cpu_cores),
            worker_memory_bytes: (living > 0).then_some(settings.worker_memory_bytes),
            cpu_used_cores: f64::from(self.in_a_job()) * settings.worker_cpu_cores,
            memory_used_bytes: u64::from(living) * settings.worker_memory_bytes,
            ..PoolWorkers::none(pool.clone())
        }
    }
}
