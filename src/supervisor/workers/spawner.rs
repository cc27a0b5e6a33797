//! Spawns workers: the pipes, then the process.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use nix::unistd::Pid;

#[cfg(target_os = "linux")]
use super::launch_linux::{Ends, STATUS_FD, launch};
#[cfg(not(target_os = "linux"))]
use super::launch_portable::{Ends, launch};
use super::worker_command::WorkerCommand;
use crate::config::{PoolId, WorkerOptions};

/// Where the number is only known at the launch, which then corrects it.
#[cfg(not(target_os = "linux"))]
const STATUS_FD: i32 = -1;

/// The manager's ends of pipes get at least this number, out of the way of those that a child gets.
const FIRST_OWN_FD: i32 = 10;

/// Open files that a manager may need: two for each of a few thousand workers.
const OPEN_FILES_WANTED: rlim_t = 16_384;

/// A process just started, and the manager's ends of its pipes, none of which ever block.
#[derive(Debug)]
pub struct Spawned {
    /// The process, which leads a process group of its own.
    pub pid: Pid,
    /// Its standard output and error.
    pub output: OwnedFd,
    /// Its status pipe.
    pub status: OwnedFd,
}

/// Makes worker processes.
#[derive(Debug)]
pub struct WorkerSpawner {
    no_input: File,
    /// The limit of open files before it was raised; workers get this one.
    open_files_before: Option<(rlim_t, rlim_t)>,
    /// Whose workers it makes, as far as that is known.
    application: Option<String>,
}

impl WorkerSpawner {
    /// Prepares spawning; raises this process's soft limit of open files as far as it may.
    ///
    /// # Errors
    /// If `/dev/null` cannot be opened.
    pub fn new() -> io::Result<Self> {
        let no_input = OpenOptions::new().read(true).open("/dev/null")?;
        Ok(Self {
            no_input: File::from(out_of_the_way(no_input.into())?),
            open_files_before: raise_open_files(),
            application: None,
        })
    }

    /// From now on workers carry the mark of `application`.
    pub fn mark_workers(&mut self, application: &str) {
        self.application = Some(application.to_owned());
    }

    /// Starts one worker of `pool`.
    ///
    /// # Errors
    /// What the system said when pipes or process could not be made, or the program not be executed.
    pub fn spawn(&self, pool: &PoolId, options: &WorkerOptions) -> io::Result<Spawned> {
        let (output, output_end) = pipe()?;
        let (status, status_end) = pipe()?;
        set_nonblocking(output.as_fd())?;
        set_nonblocking(status.as_fd())?;
        // A worker must never wait for a manager that does not read. Its output may: nothing of it is to be lost.
        set_nonblocking(status_end.as_fd())?;

        let command = WorkerCommand::new(pool, options, self.application.as_deref(), STATUS_FD);
        let ends = Ends { input: self.no_input.as_fd(), output: output_end.as_fd(), status: status_end.as_fd() };
        #[cfg(target_os = "linux")]
        let pid = launch(&command, &ends, self.open_files_of_workers())?;
        #[cfg(not(target_os = "linux"))]
        let pid = launch(&command, &ends)?;
        Ok(Spawned { pid: Pid::from_raw(pid), output, status })
    }

    #[cfg(target_os = "linux")]
    fn open_files_of_workers(&self) -> Option<libc::rlimit> {
        self.open_files_before.map(|(soft, hard)| libc::rlimit { rlim_cur: soft, rlim_max: hard })
    }
}

impl Drop for WorkerSpawner {
    fn drop(&mut self) {
        if let Some((soft, hard)) = self.open_files_before {
            // A process that keeps the raised limit is none the worse for it.
            let _ = setrlimit(Resource::RLIMIT_NOFILE, soft, hard);
        }
    }
}

/// Raises the soft limit and tells what it was; `None` where nothing was changed.
fn raise_open_files() -> Option<(rlim_t, rlim_t)> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    let wanted = OPEN_FILES_WANTED.min(hard);
    (soft < wanted && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok()).then_some((soft, hard))
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = io::pipe()?;
    Ok((out_of_the_way(read.into())?, out_of_the_way(write.into())?))
}

fn out_of_the_way(descriptor: OwnedFd) -> io::Result<OwnedFd> {
    let number = fcntl(&descriptor, FcntlArg::F_DUPFD_CLOEXEC(FIRST_OWN_FD))?;
    // SAFETY: the duplicate was made just now and belongs to nobody else.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Reading and writing there never waits.
pub fn set_nonblocking(descriptor: BorrowedFd<'_>) -> io::Result<()> {
    fcntl(descriptor, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok(())
}
