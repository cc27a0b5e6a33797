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

#[cfg(test)]
mod tests {
    use super::{Ends, launch};
    use crate::config::{PoolId, WorkerOptions};
    use crate::workers::worker_command::WorkerCommand;
    use std::io::Read;
    use std::os::fd::AsFd;

    #[test]
    fn a_worker_finds_its_status_pipe_by_the_number_in_its_environment() {
        let script = std::env::temp_dir().join(format!("queue-autoscale-portable-{}.sh", std::process::id()));
        std::fs::write(&script, "eval \"printf R >&$QUEUE_AUTOSCALE_STATUS_FD\"; echo heard; exit 0").unwrap();
        let options = WorkerOptions {
            php_binary: "/bin/bash".to_owned(),
            artisan_path: script.to_str().unwrap().to_owned(),
            ..WorkerOptions::default()
        };
        let command = WorkerCommand::new(&PoolId::new("redis", "default"), &options, None, -1);
        let no_input = std::fs::File::open("/dev/null").unwrap();
        let (mut output, output_end) = std::io::pipe().unwrap();
        let (mut status, status_end) = std::io::pipe().unwrap();
        let ends = Ends { input: no_input.as_fd(), output: output_end.as_fd(), status: status_end.as_fd() };

        let pid = launch(&command, &ends).unwrap();
        drop((output_end, status_end));

        let (mut said, mut told) = (String::new(), String::new());
        output.read_to_string(&mut said).unwrap();
        status.read_to_string(&mut told).unwrap();
        std::fs::remove_file(script).unwrap();
        let ended = nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(pid), None).unwrap();
        assert_eq!((said.as_str(), told.as_str()), ("heard\n", "R"));
        assert_eq!(ended, nix::sys::wait::WaitStatus::Exited(nix::unistd::Pid::from_raw(pid), 0));
    }
}
