//! `QueueAutoscale\WorkerSupervisor`.

use super::configuration::{ArrayResult, Configuration};
use super::entry::guarded;
use super::exceptions::Failure;
use super::scaling_decision::DecisionArgument;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::config::PoolId;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Starts, watches and stops the `queue:work` processes. A process has one supervisor at most, since signals belong to the
/// whole process.
#[php_class]
#[php(name = "QueueAutoscale\\WorkerSupervisor")]
#[php(flags = ClassFlags::Final)]
pub struct WorkerSupervisor {
    configuration: Arc<crate::config::Configuration>,
    supervisor: crate::workers::WorkerSupervisor,
}

#[php_impl]
impl WorkerSupervisor {
    /// Takes over this process's SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGUSR2 and SIGCONT.
    ///
    /// @param Configuration $configuration says how each pool's workers are run
    /// @throws \QueueAutoscale\Exception\SupervisorException where this process has a supervisor already
    pub fn __construct(configuration: &Configuration) -> PhpResult<Self> {
        guarded(|| {
            let supervisor = crate::workers::WorkerSupervisor::new()?;
            Ok(Self { configuration: configuration.shared(), supervisor })
        })
    }

    /// From now on workers carry the application's mark, by which a later manager finds those that this one leaves behind when it is
    /// killed. Those that an earlier one has left are taken in: each fills a place of its pool, and is ended when the time of its
    /// job is over. Only Linux tells of them.
    ///
    /// @param string $application what names the application on this host
    /// @throws \QueueAutoscale\Exception\SupervisorException in a fork of the process that made the supervisor
    pub fn adopt(&mut self, application: &str) -> PhpResult<()> {
        guarded(|| Ok(self.supervisor.adopt(application)?))
    }

    /// Whether each line that a worker writes is told as an event.
    pub fn tell_output(&mut self, tells: bool) -> PhpResult<()> {
        guarded(|| {
            self.supervisor.tell_output(tells);
            Ok(())
        })
    }

    /// Starts or stops workers until as many run as was decided. Returns at once. Until supervise() has lasted for all of
    /// its time, workers that find no job leave by themselves, down to the decision's idle floor, once as many jobs were
    /// started as were pending.
    ///
    /// @return array{started: int, stopped: int, backing_off: int}
    /// @throws \QueueAutoscale\Exception\SupervisorException once the shutdown has begun
    pub fn scale(&mut self, decision: DecisionArgument) -> PhpResult<ArrayResult> {
        guarded(|| {
            let DecisionArgument { pool, target_workers, idle_floor_workers, pending } = decision;
            self.scale_to(&pool, target_workers, idle_floor_workers, pending)
        })
    }

    /// Starts or stops workers of one pool until $target of them run. Returns at once.
    ///
    /// @return array{started: int, stopped: int, backing_off: int}
    /// @throws \QueueAutoscale\Exception\SupervisorException once the shutdown has begun
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    pub fn scale_pool(&mut self, connection: String, queues: String, target: i64) -> PhpResult<ArrayResult> {
        guarded(|| {
            let target = u32::try_from(target)
                .map_err(|_| Failure::Argument(format!("$target: {target} where a number of workers was expected")))?;
            self.scale_to(&PoolId::new(connection, queues), target, target, 0)
        })
    }

    /// Lets workers of one pool that find no job leave by themselves while there are more than $idleFloor, until supervise()
    /// has lasted for all of its time: as scale() does, but nobody is started or asked to leave.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
    pub fn let_idle_leave(&mut self, connection: String, queues: String, idleFloor: i64) -> PhpResult<()> {
        guarded(|| {
            let idle_floor = u32::try_from(idleFloor).map_err(|_| {
                Failure::Argument(format!("$idleFloor: {idleFloor} where a number of workers was expected"))
            })?;
            self.supervisor.let_idle_leave(&PoolId::new(connection, queues), idle_floor);
            Ok(())
        })
    }

    /// An outage is over that began less than $seconds ago, of a server that workers need. Those that back off since they failed
    /// within that time are started by the next supervise(), and these failures count no more.
    ///
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative time
    pub fn end_back_off(&mut self, seconds: f64) -> PhpResult<()> {
        guarded(|| {
            self.supervisor.end_back_off(duration(seconds)?);
            Ok(())
        })
    }

    /// Watches over all workers for $seconds. Returns earlier when something happened that must be known at once, or when
    /// a signal came.
    ///
    /// @return list<array{type: string, ...}> what happened: worker_started, worker_ready, worker_exited, worker_crashed,
    ///         worker_killed, worker_stuck, orphan_found, orphan_gone, output_line, stop_requested, paused, resumed, signal_taken
    /// @throws \QueueAutoscale\Exception\SupervisorException in a fork of the process that made the supervisor
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a negative time
    pub fn supervise(&mut self, seconds: f64) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.supervisor.supervise(duration(seconds)?)?))
    }

    /// What is known of each pool's workers, for ScalingEngine::observe().
    ///
    /// @return array<string, array{connection: string, queues: string, starting: int, idle: int, busy: int, unknown: int,
    ///         orphaned: int, draining: int, backing_off: int, ...}> by "connection:queues"
    pub fn pools(&self) -> PhpResult<ArrayResult> {
        guarded(|| {
            let pools = self.supervisor.pools();
            let rows: BTreeMap<String, PoolWorkersRow<'_>> =
                pools.iter().map(|workers| (workers.pool.to_string(), workers.into())).collect();
            ArrayResult::of(&rows)
        })
    }

    /// What is known of each worker.
    ///
    /// @return list<array{connection: string, queues: string, worker: int, pid: ?int, state: string, age_seconds: float,
    ///         job_seconds: ?float, jobs_done: int, memory_bytes: ?int, cpu_seconds: ?float, restart_in_seconds: ?float}>
    pub fn workers(&self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.supervisor.workers()))
    }

    /// Whether a signal asked the manager to end.
    pub fn stop_requested(&self) -> bool {
        self.supervisor.stop_requested().is_some()
    }

    /// The signal that did; null if none came.
    pub fn stop_signal(&self) -> Option<i32> {
        self.supervisor.stop_requested()
    }

    /// Whether SIGUSR2 asked for no scaling, and no SIGCONT came since.
    pub fn paused(&self) -> bool {
        self.supervisor.is_paused()
    }

    /// Asks all workers to leave, and returns at once; supervise() sees to it that they do.
    ///
    /// @throws \QueueAutoscale\Exception\SupervisorException in a fork of the process that made the supervisor
    pub fn begin_shutdown(&mut self) -> PhpResult<()> {
        guarded(|| Ok(self.supervisor.begin_shutdown()?))
    }

    /// Ends all workers, those that do not leave in time by SIGKILL, and waits until the last one is gone.
    ///
    /// @return array{workers: int, killed: int, seconds: float, events: list<array{type: string, ...}>}
    /// @throws \QueueAutoscale\Exception\SupervisorException in a fork of the process that made the supervisor
    pub fn shutdown(&mut self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.supervisor.shutdown()?))
    }

    /// Kills all workers, and all that they have spawned, now.
    ///
    /// @throws \QueueAutoscale\Exception\SupervisorException in a fork of the process that made the supervisor
    pub fn kill_all(&mut self) -> PhpResult<()> {
        guarded(|| Ok(self.supervisor.kill_all()?))
    }
}

impl WorkerSupervisor {
    fn scale_to(&mut self, pool: &PoolId, target: u32, idle_floor: u32, waiting: u64) -> Result<ArrayResult, Failure> {
        let settings = self.configuration.pool_settings(pool);
        ArrayResult::of(&self.supervisor.scale(pool, target, idle_floor, waiting, &settings.workers)?)
    }
}

fn duration(seconds: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(seconds).map_err(|error| Failure::Argument(format!("$seconds: {seconds}: {error}")))
}
