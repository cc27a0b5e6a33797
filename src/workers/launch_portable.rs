//! Starts a process where Linux's ways are not: in a group of its own, but without a parent-death signal. There the
//! listener inside the worker notices that its parent is gone.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use super::status_pipe::STATUS_FD_VARIABLE;
use super::worker_command::WorkerCommand;

/// What a child is connected to.
pub struct Ends<'a> {
    /// Its standard input.
    pub input: BorrowedFd<'a>,
    /// Its standard output and error.
    pub output: BorrowedFd<'a>,
    /// Its status pipe.
    pub status: BorrowedFd<'a>,
}

/// Starts `command` in a process group of its own.
///
/// # Errors
/// What the system said when the process could not be made or its program not be executed.
pub fn launch(command: &WorkerCommand, ends: &Ends<'_>) -> io::Result<libc::pid_t> {
    // A duplicate without close-on-exec, under a number that only this child is told; closed here right after.
    let status = ends.status.try_clone_to_owned()?;
    fcntl(&status, FcntlArg::F_SETFD(FdFlag::empty()))?;

    let (name, arguments) = command
        .arguments
        .split_first()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a worker's command has no program"))?;
    let mut child = Command::new(&command.program);
    child
        .arg0(name)
        .args(arguments)
        .env_clear()
        .envs(command.environment.iter().cloned())
        .env(STATUS_FD_VARIABLE, status.as_raw_fd().to_string())
        .stdin(Stdio::from(ends.input.try_clone_to_owned()?))
        .stdout(Stdio::from(ends.output.try_clone_to_owned()?))
        .stderr(Stdio::from(ends.output.try_clone_to_owned()?))
        .process_group(0);
    if let Some(directory) = &command.directory {
        child.current_dir(directory);
    }
    Ok(child.spawn()?.id().cast_signed())
}
