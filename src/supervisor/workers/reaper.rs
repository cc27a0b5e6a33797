//! Hears how a worker ended. Only for pids of one's own: other children of the process are nobody's business here.

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
#[cfg(target_os = "linux")]
use nix::sys::wait::{Id, waitid};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It is gone, but somebody else heard how.
    Unheard,
}

impl Exit {
    /// The exit code, if there was one.
    pub fn code(self) -> Option<i32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Signal(_) | Self::Unheard => None,
        }
    }

    /// The signal, if one ended it.
    pub fn signal(self) -> Option<i32> {
        match self {
            Self::Signal(signal) => Some(signal),
            Self::Code(_) | Self::Unheard => None,
        }
    }
}

/// Reaps `pid` if it has ended. What one that SIGKILL ended had spawned is killed with it: nobody else would.
pub fn reap(pid: Pid) -> Option<Exit> {
    #[cfg(target_os = "linux")]
    {
        // Looked at before it is reaped: until then nobody else can get its number, nor its group's.
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        match waitid(Id::Pid(pid), flags) {
            Ok(WaitStatus::Signaled(_, Signal::SIGKILL, _)) => {
                // Nothing left to kill is what is hoped for.
                let _ = killpg(pid, Signal::SIGKILL);
            }
            Ok(WaitStatus::StillAlive) | Err(Errno::EINTR) => return None,
            Ok(_) | Err(_) => (),
        }
    }
    match waitpid(pid, Some(WaitPidFlag::WNOHANG)) {
        Ok(WaitStatus::Exited(_, code)) => Some(Exit::Code(code)),
        Ok(WaitStatus::Signaled(_, signal, _)) => {
            if cfg!(not(target_os = "linux")) && signal == Signal::SIGKILL {
                let _ = killpg(pid, Signal::SIGKILL);
            }
            Some(Exit::Signal(signal as i32))
        }
        Err(Errno::ECHILD) => Some(Exit::Unheard),
        Ok(_) | Err(_) => None,
    }
}
