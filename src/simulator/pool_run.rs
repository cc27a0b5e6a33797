//! One pool between two turns: arrivals, workers and jobs, event by event.

use super::backlog::{Backlog, Waiting};
use super::completions::RecentCompletions;
use super::environment::{Environment, ReportedDurations};
use super::events::{Events, Happening};
use super::outcome::{PoolOutcome, Sample};
use super::scenario::PoolTraffic;
use super::workforce::Workforce;
use crate::engine::{IDLE_GRACE_SECONDS, PoolWorkers};
use crate::metrics::QueueMetrics;

/// What one queue of the pool has seen so far.
#[derive(Debug)]
struct QueueCounts {
    recent: RecentCompletions,
    reserved: u64,
    succeeded: u64,
    failed: u64,
}

/// One pool's traffic under way.
#[derive(Debug)]
pub(super) struct PoolRun {
    traffic: PoolTraffic,
    environment: Environment,
    retry_delay_seconds: f64,
    next_arrival: usize,
    backlog: Backlog,
    workforce: Workforce,
    events: Events,
    queues: Vec<QueueCounts>,
    /// Wait until the first attempt, of each job that has had one, in order of arrival.
    pickup_seconds: Vec<f32>,
    last_finished_at_seconds: f64,
    /// Workers that stay although they find no job; `None` for all.
    idle_floor: Option<u32>,
    /// Jobs that waited at the last turn, less those that workers have started since; nobody counts as idle before all are.
    waiting_jobs: u64,
}

impl PoolRun {
    pub(super) fn new(traffic: PoolTraffic, environment: Environment) -> Self {
        let boot_seconds = traffic.boot_seconds.unwrap_or(environment.boot_seconds);
        let environment = Environment { boot_seconds, ..environment };
        let queues = traffic.queues().len();
        let no_counts = || QueueCounts { recent: RecentCompletions::new(), reserved: 0, succeeded: 0, failed: 0 };
        Self {
            retry_delay_seconds: first_backoff_seconds(&traffic.settings.workers.backoff),
            next_arrival: 0,
            backlog: Backlog::new(queues),
            workforce: Workforce::default(),
            events: Events::default(),
            queues: (0..queues).map(|_| no_counts()).collect(),
            pickup_seconds: vec![f32::INFINITY; traffic.jobs.len()],
            traffic,
            environment,
            last_finished_at_seconds: 0.0,
            idle_floor: None,
            waiting_jobs: 0,
        }
    }

    pub(super) fn workforce(&self) -> &Workforce {
        &self.workforce
    }

    /// Whether QueueMetrics knows of its queues.
    pub(super) fn is_listed(&self) -> bool {
        !self.environment.new_queues || self.next_arrival > 0
    }

    pub(super) fn queues(&self) -> usize {
        self.queues.len()
    }

    pub(super) fn arrived(&self) -> usize {
        self.next_arrival
    }

    pub(super) fn pending(&self) -> u64 {
        (0..self.queues.len()).map(|queue| self.backlog.pending(queue)).sum()
    }

    pub(super) fn last_finished_at_seconds(&self) -> f64 {
        self.last_finished_at_seconds
    }

    /// Nothing arrives any more, nothing waits and nobody works.
    pub(super) fn is_done(&self) -> bool {
        self.next_arrival == self.traffic.jobs.len() && self.backlog.is_empty() && !self.workforce.is_working()
    }

    /// What came of it by `seconds`, when the run ended.
    pub(super) fn into_outcome(self, seconds: f64, samples: Vec<Sample>) -> PoolOutcome {
        PoolOutcome {
            max_pickup_time_seconds: self.traffic.settings.sla.max_pickup_time_seconds,
            worker_seconds: self.workforce.worker_seconds(seconds),
            busy_seconds: self.workforce.busy_seconds(seconds),
            pool: self.traffic.pool,
            pickup_seconds: self.pickup_seconds,
            samples,
        }
    }

    /// Lets everything happen that happens until `until_seconds`.
    pub(super) fn advance(&mut self, until_seconds: f64) {
        loop {
            let arrival = self.traffic.jobs.get(self.next_arrival);
            let arrival_seconds = arrival.map_or(f64::INFINITY, |job| job.arrives_at_seconds);
            let event_seconds = self.events.next_at_seconds();
            if arrival_seconds.min(event_seconds) > until_seconds {
                return;
            }
            if arrival_seconds <= event_seconds {
                self.arrive();
            } else if let Some((now_seconds, happening)) = self.events.pop() {
                self.happen(now_seconds, happening);
            }
        }
    }

    /// Starts or stops workers so that `target` remain. Until the next turn those that find no job leave by themselves,
    /// down to `idle_floor`.
    pub(super) fn scale(&mut self, target: u32, idle_floor: Option<u32>, now_seconds: f64) {
        // Where workers do not tell whether they are in a job, nobody knows that they are idle.
        self.idle_floor = idle_floor.filter(|_| self.environment.status_listener);
        let current = self.workforce.current();
        for _ in current..target {
            let (worker, incarnation) = self.workforce.spawn(now_seconds);
            let ready_at_seconds = now_seconds + self.environment.boot_seconds;
            self.events.plan(ready_at_seconds, Happening::Ready { worker, incarnation });
        }
        self.workforce.stop(current.saturating_sub(target), self.environment.status_listener, now_seconds);
        self.plan_look_in_place(now_seconds);
        self.waiting_jobs = self.pending();
        self.plan_rests(now_seconds);
    }

    fn plan_rests(&mut self, now_seconds: f64) {
        for (worker, incarnation, since_seconds) in self.workforce.idle_workers() {
            self.plan_rest(worker, incarnation, since_seconds, now_seconds);
        }
    }

    fn arrive(&mut self) {
        let job = self.traffic.jobs[self.next_arrival];
        let queue = job.queue.min(self.queues.len() as u16 - 1);
        let waiting = Waiting { job: self.next_arrival as u32, attempts: 0, queue };
        self.next_arrival += 1;
        let now_seconds = job.arrives_at_seconds;
        // An idle worker with a blocking pop gets it at once; without an idle worker, or where idle ones sleep, it waits.
        let blocking = self.environment.poll_seconds <= 0.0;
        let idle_worker = if blocking && self.backlog.nothing_to_pick_up() {
            self.workforce.begin_on_any(waiting, now_seconds)
        } else {
            None
        };
        if let Some(worker) = idle_worker {
            self.began(worker, waiting, now_seconds);
            return;
        }
        self.backlog.push(waiting);
        if !blocking {
            self.plan_look(now_seconds);
        }
    }

    fn happen(&mut self, now_seconds: f64, happening: Happening) {
        match happening {
            Happening::Ready { worker, incarnation } => {
                if self.workforce.became_ready(worker, incarnation, now_seconds) {
                    self.look(worker, now_seconds);
                }
            }
            Happening::Finished { worker } => self.finish(worker, now_seconds),
            Happening::Look { worker, incarnation } => {
                if self.workforce.looks(worker, incarnation) {
                    self.look(worker, now_seconds);
                }
            }
            Happening::Rested { worker, incarnation } => {
                let may_leave = self.waiting_jobs == 0;
                if may_leave && self.idle_floor.is_some_and(|floor| self.workforce.current() > floor) {
                    self.workforce.leave_if_idle(worker, incarnation, now_seconds);
                    self.plan_look_in_place(now_seconds);
                }
            }
            Happening::Due => self.became_due(now_seconds),
        }
    }

    /// An idle worker may leave once it has found no job for a moment.
    fn plan_rest(&mut self, worker: u32, incarnation: u32, since_seconds: f64, now_seconds: f64) {
        if self.idle_floor.is_some() && self.waiting_jobs == 0 {
            let at_seconds = (since_seconds + IDLE_GRACE_SECONDS).max(now_seconds);
            self.events.plan(at_seconds, Happening::Rested { worker, incarnation });
        }
    }

    /// An idle worker looks for a job and begins it.
    fn look(&mut self, worker: u32, now_seconds: f64) {
        if let Some(waiting) = self.backlog.pop(now_seconds) {
            self.workforce.begin_on(worker, waiting, now_seconds);
            self.began(worker, waiting, now_seconds);
        } else {
            let incarnation = self.workforce.incarnation(worker);
            self.plan_rest(worker, incarnation, now_seconds, now_seconds);
        }
    }

    fn became_due(&mut self, now_seconds: f64) {
        if self.environment.poll_seconds > 0.0 {
            self.plan_look(now_seconds);
            return;
        }
        while self.workforce.idle() > 0 {
            let Some(waiting) = self.backlog.pop(now_seconds) else { return };
            if let Some(worker) = self.workforce.begin_on_any(waiting, now_seconds) {
                self.began(worker, waiting, now_seconds);
            }
        }
    }

    fn plan_look(&mut self, now_seconds: f64) {
        if let Some((worker, incarnation, at_seconds)) =
            self.workforce.plan_look(now_seconds, self.environment.poll_seconds)
        {
            self.events.plan(at_seconds, Happening::Look { worker, incarnation });
        }
    }

    /// Who would have looked for a job that waits may have left; then another one finds it.
    fn plan_look_in_place(&mut self, now_seconds: f64) {
        if self.environment.poll_seconds > 0.0 && !self.backlog.nothing_to_pick_up() {
            self.plan_look(now_seconds);
        }
    }

    fn began(&mut self, worker: u32, waiting: Waiting, now_seconds: f64) {
        let job = &self.traffic.jobs[waiting.job as usize];
        if waiting.attempts == 0 {
            self.pickup_seconds[waiting.job as usize] = (now_seconds - job.arrives_at_seconds) as f32;
        }
        self.queues[usize::from(waiting.queue)].reserved += 1;
        self.events.plan(now_seconds + job.service_seconds, Happening::Finished { worker });
        if self.waiting_jobs > 0 {
            self.waiting_jobs -= 1;
            if self.waiting_jobs == 0 {
                self.plan_rests(now_seconds);
            }
        }
    }

    fn finish(&mut self, worker: u32, now_seconds: f64) {
        let Some(finished) = self.workforce.finish(worker, now_seconds) else { return };
        self.last_finished_at_seconds = now_seconds;
        self.settle(finished.waiting, now_seconds);
        if !finished.leaves {
            self.look(worker, now_seconds);
        }
    }

    /// An attempt has ended: the job has succeeded, comes back, or has failed for good.
    fn settle(&mut self, waiting: Waiting, now_seconds: f64) {
        let job = &self.traffic.jobs[waiting.job as usize];
        let attempts = waiting.attempts + 1;
        let counts = &mut self.queues[usize::from(waiting.queue)];
        counts.reserved -= 1;
        if attempts > job.failing_attempts {
            counts.succeeded += 1;
            let recorded_seconds = match self.environment.reported_durations {
                ReportedDurations::None => 0.0,
                ReportedDurations::Real => job.service_seconds,
                ReportedDurations::WaitIncluded => now_seconds - job.arrives_at_seconds,
            };
            counts.recent.record(now_seconds, recorded_seconds);
            return;
        }
        let tries = self.traffic.settings.workers.tries;
        if tries != 0 && u32::from(attempts) >= tries {
            counts.failed += 1;
            return;
        }
        let due_seconds = now_seconds.floor() + self.retry_delay_seconds;
        self.backlog.delay(Waiting { attempts, ..waiting }, due_seconds);
        self.events.plan(due_seconds.max(now_seconds), Happening::Due);
    }

    /// The rows that QueueMetrics would return.
    pub(super) fn rows(&self, now_seconds: f64) -> impl Iterator<Item = QueueMetrics> {
        let names = self.traffic.queues().into_iter().enumerate();
        names.map(move |(queue, name)| self.row(queue, name, now_seconds))
    }

    fn row(&self, queue: usize, name: &str, now_seconds: f64) -> QueueMetrics {
        let counts = &self.queues[queue];
        let window = counts.recent.count(now_seconds);
        let settled = counts.succeeded + counts.failed;
        let ready = self.workforce.idle() + self.workforce.in_a_job();
        let alone = self.queues.len() == 1;
        // An idle worker of several queues counts for none of them.
        let active = if alone { u64::from(ready) } else { counts.reserved };
        let oldest = self.backlog.next(queue).map(|waiting| {
            // The creation of a job is kept as a whole second, the present is not.
            now_seconds - self.traffic.jobs[waiting.job as usize].arrives_at_seconds.floor()
        });
        QueueMetrics {
            connection: self.traffic.pool.connection.clone(),
            queue: name.into(),
            pending: self.backlog.pending(queue),
            scheduled: self.backlog.scheduled(queue),
            // As QueueMetrics up to 3.3.2: which of them are due, only a worker finds out.
            delayed_due_now: None,
            reserved: counts.reserved,
            oldest_job_age_seconds: oldest,
            throughput_per_minute: window.jobs as f64,
            avg_duration_ms: window.mean_duration_seconds * 1000.0,
            failure_rate_percent: if settled == 0 { 0.0 } else { 100.0 * counts.failed as f64 / settled as f64 },
            active_workers: u32::try_from(active).unwrap_or(u32::MAX),
            busy_percent: if active == 0 { 0.0 } else { 100.0 * counts.reserved as f64 / active as f64 },
        }
    }

    /// What the supervisor would report.
    pub(super) fn pool_workers(&self, now_seconds: f64) -> PoolWorkers {
        self.workforce.report(&self.traffic.pool, &self.traffic.settings, &self.environment, now_seconds)
    }
}

/// The first number of `--backoff`, in seconds; 0 where there is none.
fn first_backoff_seconds(backoff: &str) -> f64 {
    backoff.split(',').next().and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(0.0)
}
