//! The supervisor's functions.

use super::configuration::Configuration;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::config::PoolId;
use crate::workers::WorkerSupervisor;
use serde::Serialize;
use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

/// Starts, watches and stops workers. One a process, used by the thread that made it.
#[derive(Debug)]
pub struct Supervisor(());

/// The core's supervisor, and the configuration that it takes the workers' options from.
pub struct ConfiguredSupervisor {
    supervisor: WorkerSupervisor,
    configuration: Arc<crate::config::Configuration>,
}

impl Opaque for Supervisor {
    type Value = ConfiguredSupervisor;
    const TAG: u64 = u64::from_be_bytes(*b"qaSuperv");
    const NAME: &'static str = "supervisor";
}

/// A supervisor without workers. It puts signal handlers in place for SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGUSR2 and
/// SIGCONT, and puts the former ones back when it ends.
///
/// # Safety
/// `configuration` is a handle; `supervisor` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_new(
    configuration: *mut Configuration,
    supervisor: *mut *mut Supervisor,
    error: *mut Text,
) -> Status {
    let make = || {
        // SAFETY: by this function's own condition.
        let configuration = Arc::clone(unsafe { handle::value(configuration) }?);
        Ok(ConfiguredSupervisor { supervisor: WorkerSupervisor::new()?, configuration })
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(supervisor, make)) }
}

/// Ends a supervisor without waiting; NULL is fine. `qa_supervisor_shutdown` waits until the last worker is gone.
///
/// # Safety
/// `supervisor` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_free(supervisor: *mut Supervisor) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(supervisor)) }
}

/// From now on workers carry the mark of `application`, by which a later manager finds those that this one leaves behind when it is
/// killed. Those that an earlier one has left are taken in: each fills a place of its pool, and is ended when the time of its job is
/// over. Only Linux tells of them.
///
/// # Safety
/// `supervisor` is a handle; the text points to as many bytes as its length says; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_adopt(
    supervisor: *mut Supervisor,
    application: *const c_char,
    application_length: usize,
    error: *mut Text,
) -> Status {
    let adopt = || {
        // SAFETY: by this function's own condition.
        let (it, application) =
            unsafe { (handle::value(supervisor)?, input::text("application", application, application_length)?) };
        Ok(it.supervisor.adopt(application)?)
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, adopt) }
}

/// Starts or stops workers of a pool until `target` of them run. Returns at once:
/// `{"started": …, "stopped": …, "backing_off": …}`. Whoever is asked to leave does so after the job that it is in. Until
/// `qa_supervisor_supervise` has lasted for all of its time, workers that find no job leave by themselves while there are
/// more than `idle_floor`, though not before the pool's workers have started the `waiting_jobs` that wait now.
///
/// # Safety
/// `supervisor` is a handle; each text points to as many bytes as its length says; `output` points to memory for a text,
/// or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_scale(
    supervisor: *mut Supervisor,
    connection: *const c_char,
    connection_length: usize,
    queues: *const c_char,
    queues_length: usize,
    target: u32,
    idle_floor: u32,
    waiting_jobs: u64,
    output: *mut Text,
) -> Status {
    let scale = || {
        // SAFETY: by this function's own condition.
        let (it, connection, queues) = unsafe {
            (
                handle::value(supervisor)?,
                input::text("connection", connection, connection_length)?,
                input::text("queues", queues, queues_length)?,
            )
        };
        let pool = PoolId::new(connection, queues);
        let options = &it.configuration.pool_settings(&pool).workers;
        json_of(&it.supervisor.scale(&pool, target, idle_floor, waiting_jobs, options)?).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, scale) }
}

/// Lets workers of a pool that find no job leave by themselves while there are more than `idle_floor`, until
/// `qa_supervisor_supervise` has lasted for all of its time: as `qa_supervisor_scale` does, but nobody is started or asked to
/// leave.
///
/// # Safety
/// `supervisor` is a handle; each text points to as many bytes as its length says; `error` points to memory for a text, or is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_let_idle_leave(
    supervisor: *mut Supervisor,
    connection: *const c_char,
    connection_length: usize,
    queues: *const c_char,
    queues_length: usize,
    idle_floor: u32,
    error: *mut Text,
) -> Status {
    let let_leave = || {
        // SAFETY: by this function's own condition.
        let (it, connection, queues) = unsafe {
            (
                handle::value(supervisor)?,
                input::text("connection", connection, connection_length)?,
                input::text("queues", queues, queues_length)?,
            )
        };
        it.supervisor.let_idle_leave(&PoolId::new(connection, queues), idle_floor);
        Ok(())
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, let_leave) }
}

/// An outage is over that began less than `seconds` ago, of a server that workers need. Those that back off since they failed
/// within that time are started by the next `qa_supervisor_supervise`, and these failures count no more.
///
/// # Safety
/// `supervisor` is a handle; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_end_back_off(
    supervisor: *mut Supervisor,
    seconds: f64,
    error: *mut Text,
) -> Status {
    let end = || {
        let duration = duration(seconds)?;
        // SAFETY: by this function's own condition.
        unsafe { handle::value(supervisor) }?.supervisor.end_back_off(duration);
        Ok(())
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, end) }
}

/// Watches over all workers for `seconds` and returns what happened, a list of `{"type": …, …}`. Returns earlier when
/// something happened that the caller must know, when a signal came that is somebody else's, or when a shutdown is complete.
///
/// # Safety
/// `supervisor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_supervise(
    supervisor: *mut Supervisor,
    seconds: f64,
    output: *mut Text,
) -> Status {
    let supervise = || {
        let duration = duration(seconds)?;
        // SAFETY: by this function's own condition.
        let it = unsafe { handle::value(supervisor) }?;
        json_of(&it.supervisor.supervise(duration)?).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, supervise) }
}

fn duration(seconds: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(seconds).map_err(|error| Failure::argument("seconds", format!("{seconds}: {error}")))
}

/// All pools that ever had a worker, a list that `qa_engine_observe` and `qa_engine_evaluate` take.
///
/// # Safety
/// `supervisor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_pools(supervisor: *mut Supervisor, output: *mut Text) -> Status {
    let pools = || {
        // SAFETY: by this function's own condition.
        let it = unsafe { handle::value(supervisor) }?;
        let pools = it.supervisor.pools();
        let pools: Vec<PoolWorkersRow<'_>> = pools.iter().map(PoolWorkersRow::from).collect();
        json_of(&pools).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, pools) }
}

/// All workers, a list.
///
/// # Safety
/// `supervisor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_workers(supervisor: *mut Supervisor, output: *mut Text) -> Status {
    let workers = || {
        // SAFETY: by this function's own condition.
        let it = unsafe { handle::value(supervisor) }?;
        json_of(&it.supervisor.workers()).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, workers) }
}

/// What signals asked for.
#[derive(Serialize)]
struct State {
    /// The signal that asked the manager to end.
    stop_requested: Option<i32>,
    /// Whether SIGUSR2 asked for no scaling, and no SIGCONT came since.
    paused: bool,
}

/// What signals asked for: `{"stop_requested": the signal's number or null, "paused": …}`.
///
/// # Safety
/// `supervisor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_state(supervisor: *mut Supervisor, output: *mut Text) -> Status {
    let state = || {
        // SAFETY: by this function's own condition.
        let it = unsafe { handle::value(supervisor) }?;
        json_of(&State { stop_requested: it.supervisor.stop_requested(), paused: it.supervisor.is_paused() }).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, state) }
}

/// Whether each line that a worker writes is told as an event.
///
/// # Safety
/// `supervisor` is a handle; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_tell_output(
    supervisor: *mut Supervisor,
    tells: bool,
    error: *mut Text,
) -> Status {
    let tell = || {
        // SAFETY: by this function's own condition.
        unsafe { handle::value(supervisor) }?.supervisor.tell_output(tells);
        Ok(())
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, tell) }
}

/// Asks all workers at once to leave; `qa_supervisor_supervise` kills those that have not in time. No worker is started any
/// more.
///
/// # Safety
/// `supervisor` is a handle; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_begin_shutdown(supervisor: *mut Supervisor, error: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let begin = || Ok(unsafe { handle::value(supervisor) }?.supervisor.begin_shutdown()?);
    // SAFETY: by this function's own condition.
    unsafe { doing(error, begin) }
}

/// Ends all workers and waits until the last one is gone: `{"workers": …, "killed": …, "seconds": …, "events": […]}`.
///
/// # Safety
/// `supervisor` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_shutdown(supervisor: *mut Supervisor, output: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let shutdown = || json_of(&unsafe { handle::value(supervisor) }?.supervisor.shutdown()?).map(Some);
    // SAFETY: by this function's own condition.
    unsafe { returning(output, shutdown) }
}

/// Kills all workers, and all that they have spawned, now.
///
/// # Safety
/// `supervisor` is a handle; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_supervisor_kill_all(supervisor: *mut Supervisor, error: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let kill = || Ok(unsafe { handle::value(supervisor) }?.supervisor.kill_all()?);
    // SAFETY: by this function's own condition.
    unsafe { doing(error, kill) }
}
