//! Runs the workers of all pools: one `poll` that hears signals, deaths, statuses and output.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::error::SupervisorError;
use super::event::SupervisorEvent;
use super::orphaned_workers::find_orphans;
use super::orphans::Orphans;
use super::pool::{Hands, WorkerPool};
use super::signals::SignalPipe;
use super::spawner::WorkerSpawner;
use super::status::WorkerStatus;
use crate::config::{PoolId, WorkerOptions};
use crate::engine::PoolWorkers;

/// After reading workers' pipes they rest for this long, so that a thousand tiny jobs a second cost fifty wake-ups. Less
/// than what a pipe can hold comes meanwhile.
const PIPES_REST: Duration = Duration::from_millis(20);

/// The same where a worker fills its pipe faster than that: it must not wait for the manager.
const PIPES_REST_FROM_MUCH: Duration = Duration::from_millis(1);

/// How often `/proc` is read: a few milliseconds of work for hundreds of workers.
const USAGE_INTERVAL: Duration = Duration::from_secs(5);

/// Lines of output told in one call; more are left to the workers' tails.
const OUTPUT_LINES_TOLD: usize = 1_000;

/// How long lines of output are gathered before they are told.
const OUTPUT_GATHERED: Duration = Duration::from_millis(200);

/// How long `shutdown` waits at a time; it wakes for whatever happens before.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(1);

/// What a call of [`WorkerSupervisor::scale`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ScaleOutcome {
    /// Workers whose process was started.
    pub started: u32,
    /// Workers that were asked to leave, or whose place was given up.
    pub stopped: u32,
    /// Places that wait for their start, since the pool's workers keep failing.
    pub backing_off: u32,
}

/// How a shutdown went.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct ShutdownReport {
    /// Workers that ran when it began.
    pub workers: u32,
    /// How many of them had to be killed.
    pub killed: u32,
    /// From its begin until the last one was gone, in seconds.
    pub seconds: f64,
    /// What happened meanwhile.
    pub events: Vec<SupervisorEvent>,
}

/// Starts, watches and stops workers. One a process, used by one thread: workers get SIGTERM when the thread ends that
/// started them.
pub struct WorkerSupervisor {
    owner: u32,
    began_at: Instant,
    signals: SignalPipe,
    spawner: WorkerSpawner,
    pools: BTreeMap<PoolId, WorkerPool>,
    orphans: Orphans,
    events: Vec<SupervisorEvent>,
    next_number: u64,
    tells_output: bool,
    output_told_at: Option<Instant>,
    pipes_rest_until: Instant,
    usage_read_at: Option<Instant>,
    is_paused: bool,
    stop_signal: Option<i32>,
    interrupts: u32,
    shutdown_began_at: Option<Instant>,
    /// Threads must not share it: the raw pointer makes it neither `Send` nor `Sync`.
    _one_thread: std::marker::PhantomData<*const ()>,
}

impl WorkerSupervisor {
    /// Puts the signal handlers in place.
    ///
    /// # Errors
    /// [`SupervisorError::AlreadySupervising`] if this process has a supervisor; [`SupervisorError::System`].
    pub fn new() -> Result<Self, SupervisorError> {
        let signals = SignalPipe::open()
            .map_err(|error| SupervisorError::system("installing the signal handlers", error))?
            .ok_or(SupervisorError::AlreadySupervising)?;
        let spawner = WorkerSpawner::new().map_err(|error| SupervisorError::system("opening /dev/null", error))?;
        Ok(Self {
            owner: std::process::id(),
            began_at: Instant::now(),
            signals,
            spawner,
            pools: BTreeMap::new(),
            orphans: Orphans::default(),
            events: Vec::new(),
            next_number: 1,
            tells_output: false,
            output_told_at: None,
            pipes_rest_until: Instant::now(),
            usage_read_at: None,
            is_paused: false,
            stop_signal: None,
            interrupts: 0,
            shutdown_began_at: None,
            _one_thread: std::marker::PhantomData,
        })
    }

    /// Whether each line that a worker writes is told as an event.
    pub fn tell_output(&mut self, tells: bool) {
        self.tells_output = tells;
    }

    /// From now on workers carry the mark of `application`, by which a later manager finds those that this one leaves behind. Those
    /// that an earlier one has left are taken in: each fills a place of its pool, and is ended when the time of its job is over.
    /// Only Linux tells of them.
    ///
    /// # Errors
    /// [`SupervisorError::ForeignProcess`].
    pub fn adopt(&mut self, application: &str) -> Result<(), SupervisorError> {
        self.refuse_forks()?;
        self.spawner.mark_workers(application);
        let (pools, mut hands) = self.hands();
        for orphan in find_orphans(application) {
            let is_known = pools.values().any(|pool| pool.owns(orphan.process.pid));
            if !is_known {
                let id = orphan.pool.clone();
                let pool = pools.entry(id.clone()).or_insert_with(|| WorkerPool::new(id, WorkerOptions::default()));
                pool.adopt(&orphan, &mut hands);
            }
        }
        Ok(())
    }

    /// Starts or stops workers of `pool` until `target` of them run, `options` being those of all started from now on.
    /// Returns at once; whoever was asked to leave does so after the job that it is in.
    ///
    /// Until a call of [`supervise`](Self::supervise) has lasted for all of its time, workers that find no job leave by
    /// themselves while there are more than `idle_floor`, though not before the pool's workers have started the
    /// `waiting_jobs` that wait now: where taking a job takes long, a worker without one is not a worker that finds none.
    ///
    /// # Errors
    /// [`SupervisorError::ShuttingDown`], [`SupervisorError::ForeignProcess`]. A program that cannot be started is no
    /// error but an event, and tried again later.
    pub fn scale(
        &mut self,
        pool: &PoolId,
        target: u32,
        idle_floor: u32,
        waiting_jobs: u64,
        options: &WorkerOptions,
    ) -> Result<ScaleOutcome, SupervisorError> {
        self.refuse_forks()?;
        if self.shutdown_began_at.is_some() {
            return Err(SupervisorError::ShuttingDown { pool: pool.to_string() });
        }
        let (pools, mut hands) = self.hands();
        let pool = pools.entry(pool.clone()).or_insert_with(|| WorkerPool::new(pool.clone(), options.clone()));
        pool.use_options(options);
        // Who is idle must be known now, and whoever died meanwhile counts no more.
        for index in 0..pool.workers().len() {
            pool.read_pipes(index, &mut hands)?;
        }
        pool.reap(&mut hands)?;

        pool.set_idle_floor(usize::try_from(idle_floor).ok());
        pool.set_waiting_jobs(waiting_jobs);
        let target = usize::try_from(target).unwrap_or(usize::MAX);
        let current = pool.current();
        let mut outcome = ScaleOutcome::default();
        if target > current {
            outcome.started = pool.grow(target - current, &mut hands)?;
        } else {
            outcome.stopped = pool.shrink(current - target, &mut hands)?;
        }
        outcome.backing_off = pool.summary(hands.now).backing_off;
        Ok(outcome)
    }

    /// Lets workers of a pool that find no job leave while there are more than `idle_floor`, as [`scale`](Self::scale) does,
    /// but starts nobody in the place of those who have left.
    pub fn let_idle_leave(&mut self, pool: &PoolId, idle_floor: u32) {
        if let Some(pool) = self.pools.get_mut(pool) {
            pool.set_idle_floor(usize::try_from(idle_floor).ok());
        }
    }

    /// An outage is over that began less than `duration` ago, of a server that workers need: those that back off since they failed
    /// within that time are started by the next call of [`supervise`](Self::supervise), and these failures count no more.
    pub fn end_back_off(&mut self, duration: Duration) {
        let now = Instant::now();
        // A clock that does not go back so far has seen no failure before.
        let since = now.checked_sub(duration);
        for pool in self.pools.values_mut() {
            pool.end_back_off(since.unwrap_or(self.began_at), now);
        }
    }

    /// Watches over all workers for `duration`. Returns earlier when something happened that the caller must know, when
    /// a signal came that is somebody else's, or when a shutdown is complete.
    ///
    /// # Errors
    /// [`SupervisorError::ForeignProcess`], [`SupervisorError::System`].
    pub fn supervise(&mut self, duration: Duration) -> Result<Vec<SupervisorEvent>, SupervisorError> {
        self.refuse_forks()?;
        self.take_back_signals()?;
        self.for_all_pools(WorkerPool::reap)?;
        let until = Instant::now().checked_add(duration);
        loop {
            self.do_what_is_due()?;
            let was_interrupted = self.wait(until)?;
            self.do_what_is_due()?;
            let is_over = until.is_some_and(|until| Instant::now() >= until);
            if is_over {
                // The next decision is due. Should there be none, nobody leaves for an old one.
                self.keep_idle_workers();
            }
            if is_over || was_interrupted || self.has_news_that_cannot_wait() || self.shutdown_is_complete() {
                self.output_told_at = None;
                return Ok(std::mem::take(&mut self.events));
            }
        }
    }

    /// All pools that ever had a worker.
    pub fn pools(&self) -> Vec<PoolWorkers> {
        let now = Instant::now();
        self.pools.values().map(|pool| pool.summary(now)).collect()
    }

    /// All workers.
    pub fn workers(&self) -> Vec<WorkerStatus> {
        let now = Instant::now();
        self.pools.values().flat_map(|pool| pool.statuses(now)).collect()
    }

    /// The signal that asked the manager to end, if one came.
    pub fn stop_requested(&self) -> Option<i32> {
        self.stop_signal
    }

    /// Whether SIGUSR2 asked for no scaling, and no SIGCONT came since.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Asks all workers at once to leave; those that have not when their time is over are killed by
    /// [`supervise`](Self::supervise). No worker is started any more.
    ///
    /// # Errors
    /// [`SupervisorError::ForeignProcess`].
    pub fn begin_shutdown(&mut self) -> Result<(), SupervisorError> {
        self.refuse_forks()?;
        let now = Instant::now();
        if self.shutdown_began_at.is_none() {
            self.shutdown_began_at = Some(now);
            for pool in self.pools.values_mut() {
                pool.stop(now)?;
            }
        }
        Ok(())
    }

    /// Ends all workers and waits until the last one is gone. A second SIGINT kills them at once.
    ///
    /// # Errors
    /// [`SupervisorError::ForeignProcess`], [`SupervisorError::System`].
    pub fn shutdown(&mut self) -> Result<ShutdownReport, SupervisorError> {
        let began_at = Instant::now();
        let workers = self.processes();
        self.begin_shutdown()?;
        let mut events = std::mem::take(&mut self.events);
        while !self.shutdown_is_complete() {
            events.extend(self.supervise(SHUTDOWN_WAIT)?);
        }
        let killed = events.iter().filter(|event| matches!(event, SupervisorEvent::WorkerKilled { .. })).count();
        Ok(ShutdownReport {
            workers: u32::try_from(workers).unwrap_or(u32::MAX),
            killed: u32::try_from(killed).unwrap_or(u32::MAX),
            seconds: began_at.elapsed().as_secs_f64(),
            events,
        })
    }

    /// Kills all workers, and all that they have spawned, now.
    ///
    /// # Errors
    /// [`SupervisorError::ForeignProcess`].
    pub fn kill_all(&mut self) -> Result<(), SupervisorError> {
        self.begin_shutdown()?;
        self.for_all_pools(WorkerPool::kill)
    }

    fn processes(&self) -> usize {
        self.pools.values().map(WorkerPool::processes).sum()
    }

    fn shutdown_is_complete(&self) -> bool {
        self.shutdown_began_at.is_some() && self.processes() == 0
    }

    fn has_news_that_cannot_wait(&self) -> bool {
        let output_is_due = self.output_told_at.is_some_and(|at| at <= Instant::now());
        output_is_due || self.events.iter().any(SupervisorEvent::is_urgent)
    }

    fn refuse_forks(&self) -> Result<(), SupervisorError> {
        match std::process::id() {
            current if current == self.owner => Ok(()),
            current => Err(SupervisorError::ForeignProcess { owner: self.owner, current }),
        }
    }

    /// Splits the supervisor into its pools and all that they need to act.
    fn hands(&mut self) -> (&mut BTreeMap<PoolId, WorkerPool>, Hands<'_>) {
        let hands = Hands {
            now: Instant::now(),
            spawner: &self.spawner,
            events: &mut self.events,
            next_number: &mut self.next_number,
            tells_output: self.tells_output,
            is_shutting_down: self.shutdown_began_at.is_some(),
        };
        (&mut self.pools, hands)
    }

    fn for_all_pools(
        &mut self,
        act: impl Fn(&mut WorkerPool, &mut Hands<'_>) -> Result<(), SupervisorError>,
    ) -> Result<(), SupervisorError> {
        let (pools, mut hands) = self.hands();
        pools.values_mut().try_for_each(|pool| act(pool, &mut hands))
    }

    fn do_what_is_due(&mut self) -> Result<(), SupervisorError> {
        self.for_all_pools(WorkerPool::do_what_is_due)?;
        let now = Instant::now();
        if self.usage_read_at.is_none_or(|read_at| now >= read_at + USAGE_INTERVAL) {
            self.usage_read_at = Some(now);
            self.for_all_pools(WorkerPool::read_usage)?;
            let pools = &self.pools;
            self.orphans.reap(|pid| pools.values().any(|pool| pool.owns(pid)));
        }
        Ok(())
    }

    fn keep_idle_workers(&mut self) {
        self.pools.values_mut().for_each(|pool| pool.set_idle_floor(None));
    }

    fn take_back_signals(&mut self) -> Result<(), SupervisorError> {
        let taken =
            self.signals.take_back().map_err(|error| SupervisorError::system("reading the signal handlers", error))?;
        self.events.extend(taken.into_iter().map(|signal| SupervisorEvent::SignalTaken { signal }));
        Ok(())
    }

    /// Waits until something happens or is due, `until` at the latest, and takes in what happened. Tells whether a
    /// signal that is not ours ended the wait.
    fn wait(&mut self, until: Option<Instant>) -> Result<bool, SupervisorError> {
        let now = Instant::now();
        let pipes_rest = (self.pipes_rest_until > now).then_some(self.pipes_rest_until);
        let usage_due = self.usage_read_at.map(|read_at| read_at + USAGE_INTERVAL);
        let pool_due = self.pools.values().filter_map(WorkerPool::next_due).min();
        let moments = [until, pipes_rest, usage_due, pool_due, self.output_told_at];
        let timeout = match moments.into_iter().flatten().min() {
            _ if self.has_news_that_cannot_wait() || self.shutdown_is_complete() => PollTimeout::ZERO,
            Some(moment) => timeout_until(moment, now),
            None => PollTimeout::NONE,
        };

        let mut descriptors = vec![PollFd::new(self.signals.as_fd(), PollFlags::POLLIN)];
        // Which pool's which worker a descriptor belongs to, in the order of the descriptors after the first.
        let mut owners = Vec::new();
        if pipes_rest.is_none() {
            for (pool_index, pool) in self.pools.values().enumerate() {
                for (worker_index, worker) in pool.workers().iter().enumerate() {
                    for pipe in worker.pipes() {
                        descriptors.push(PollFd::new(pipe.as_fd(), PollFlags::POLLIN));
                        owners.push((pool_index, worker_index));
                    }
                }
            }
        }
        let result = poll(&mut descriptors, timeout);
        let has_event = |descriptor: &PollFd<'_>| descriptor.any().unwrap_or(true);
        let ready = descriptors.iter().skip(1).zip(owners).filter(|(descriptor, _)| has_event(descriptor));
        let mut ready: Vec<(usize, usize)> = ready.map(|(_, owner)| owner).collect();
        ready.dedup();

        let signals = self.signals.take();
        let was_interrupted = match result {
            Ok(_) => false,
            Err(Errno::EINTR) => {
                ready.clear();
                signals.is_empty()
            }
            Err(error) => return Err(SupervisorError::system("poll", error)),
        };
        self.read_pipes(&ready)?;
        self.hear(&signals)?;
        Ok(was_interrupted)
    }

    fn read_pipes(&mut self, ready: &[(usize, usize)]) -> Result<(), SupervisorError> {
        if ready.is_empty() {
            return Ok(());
        }
        let events_before = self.events.len();
        let (pools, mut hands) = self.hands();
        let now = hands.now;
        let mut much = false;
        for (pool_index, pool) in pools.values_mut().enumerate() {
            for (_, worker_index) in ready.iter().filter(|(wanted, _)| *wanted == pool_index) {
                pool.read_pipes(*worker_index, &mut hands)?;
                much |= pool.workers()[*worker_index].writes_much();
            }
        }
        self.pipes_rest_until = now + if much { PIPES_REST_FROM_MUCH } else { PIPES_REST };
        self.gather_output(events_before, now);
        Ok(())
    }

    fn gather_output(&mut self, events_before: usize, now: Instant) {
        let is_output = |event: &SupervisorEvent| matches!(event, SupervisorEvent::OutputLine { .. });
        if self.events[events_before..].iter().any(is_output) {
            self.output_told_at.get_or_insert(now + OUTPUT_GATHERED);
            let mut left = OUTPUT_LINES_TOLD;
            self.events.retain(|event| {
                let is_line = is_output(event);
                let stays = !is_line || left > 0;
                left -= usize::from(is_line && stays);
                stays
            });
        }
    }

    fn hear(&mut self, signals: &[i32]) -> Result<(), SupervisorError> {
        for signal in signals {
            match *signal {
                libc::SIGTERM | libc::SIGINT | libc::SIGQUIT => {
                    self.interrupts += u32::from(*signal == libc::SIGINT);
                    self.stop_signal = Some(*signal);
                    self.events.push(SupervisorEvent::StopRequested { signal: *signal });
                }
                libc::SIGUSR2 if !self.is_paused => {
                    self.is_paused = true;
                    self.keep_idle_workers();
                    self.events.push(SupervisorEvent::Paused);
                }
                libc::SIGCONT if self.is_paused => {
                    self.is_paused = false;
                    self.events.push(SupervisorEvent::Resumed);
                }
                _ => (),
            }
        }
        if signals.contains(&libc::SIGCHLD) {
            self.for_all_pools(WorkerPool::reap)?;
        }
        if self.interrupts > 1 && self.shutdown_began_at.is_some() {
            self.for_all_pools(WorkerPool::kill)?;
        }
        Ok(())
    }
}

impl Drop for WorkerSupervisor {
    /// Whoever forgot to end the workers has it done here. A fork's copy does nothing: the workers are not its own.
    fn drop(&mut self) {
        if self.owner == std::process::id() && self.processes() > 0 {
            // Nobody is left to be told of an error; the kernel asks whoever remains once this process ends.
            let _ = self.shutdown();
        }
    }
}

/// The time until `moment` in whole milliseconds, rounded up: a wait that ends too early is begun again for nothing.
fn timeout_until(moment: Instant, now: Instant) -> PollTimeout {
    const NANOSECONDS_PER_MILLISECOND: u128 = 1_000_000;
    let milliseconds = moment.saturating_duration_since(now).as_nanos().div_ceil(NANOSECONDS_PER_MILLISECOND);
    i32::try_from(milliseconds)
        .ok()
        .and_then(|milliseconds| PollTimeout::try_from(milliseconds).ok())
        .unwrap_or(PollTimeout::MAX)
}
