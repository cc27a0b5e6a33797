//! Starts a process on Linux without copying the parent, and ties its life to the parent's.
//!
//! `fork` copies the parent's page tables, which takes tens of milliseconds for a PHP process of a gigabyte. `posix_spawn`
//! does not, but cannot set a parent-death signal. So this is what `posix_spawn` does, and that one call more: the
//! child borrows the parent's memory, the parent sleeps until the child has executed its program.

use std::ffi::{CString, OsStr, c_char, c_int, c_void};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::ptr;

use super::worker_command::WorkerCommand;

/// The number under which a worker finds its status pipe: the first one free.
pub const STATUS_FD: RawFd = 3;

/// Stack of the child until it executes its program: a dozen system calls.
const STACK_BYTES: usize = 64 * 1024;

/// The exit code of a child that could not execute its program.
const EXIT_NOT_EXECUTED: c_int = 127;

/// Highest signal number on Linux.
const LAST_SIGNAL: c_int = 64;

/// Highest descriptor closed one by one where the kernel has no `close_range` (before 5.9).
const LAST_FD_WITHOUT_CLOSE_RANGE: c_int = 4096;

/// What a child is connected to.
pub struct Ends<'a> {
    /// Its standard input.
    pub input: BorrowedFd<'a>,
    /// Its standard output and error.
    pub output: BorrowedFd<'a>,
    /// Its status pipe.
    pub status: BorrowedFd<'a>,
}

/// Everything that the child needs, put together before it exists: it may not allocate.
struct Child {
    program: *const c_char,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    directory: *const c_char,
    input: RawFd,
    output: RawFd,
    status: RawFd,
    parent: libc::pid_t,
    open_files: Option<libc::rlimit>,
    signals: libc::sigset_t,
    /// Filled in by the child: why it could not execute its program.
    error: c_int,
}

/// Starts `command` in a process group of its own. The child gets SIGTERM when the calling thread ends. `open_files` is
/// its limit of open files; `None` leaves it the manager's.
///
/// # Errors
/// What the system said when the process could not be made or its program not be executed.
pub fn launch(command: &WorkerCommand, ends: &Ends<'_>, open_files: Option<libc::rlimit>) -> io::Result<libc::pid_t> {
    let program = c_string(command.program.as_os_str())?;
    let directory = command.directory.as_ref().map(|directory| c_string(directory.as_os_str())).transpose()?;
    let arguments = command.arguments.iter().map(|argument| c_string(argument)).collect::<io::Result<Vec<_>>>()?;
    let environment = command.environment.iter().map(|(name, value)| assignment(name, value));
    let environment = environment.collect::<io::Result<Vec<_>>>()?;
    let arguments = null_terminated(&arguments);
    let environment_pointers = null_terminated(&environment);
    let mut stack = vec![0_u128; STACK_BYTES / size_of::<u128>()];

    let blocked = block_all_signals()?;
    let mut child = Child {
        program: program.as_ptr(),
        arguments: arguments.as_ptr(),
        environment: environment_pointers.as_ptr(),
        directory: directory.as_ref().map_or(ptr::null(), |directory| directory.as_ptr()),
        input: ends.input.as_raw_fd(),
        output: ends.output.as_raw_fd(),
        status: ends.status.as_raw_fd(),
        parent: std::process::id().cast_signed(),
        open_files,
        signals: blocked.empty,
        error: 0,
    };
    // SAFETY: the stack grows downwards from its end, is aligned as u128 is, and outlives the child's use of it, since
    // CLONE_VFORK holds this thread until the child has executed its program or ended. `child` and all that it points
    // to live as long. All signals are blocked, so no handler runs in the child on this memory.
    let pid = unsafe {
        libc::clone(
            run_child,
            stack.as_mut_ptr_range().end.cast(),
            libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD,
            (&raw mut child).cast(),
        )
    };
    let clone_error = io::Error::last_os_error();
    blocked.restore();

    if pid < 0 {
        return Err(clone_error);
    }
    // SAFETY: reads a field that the child, which has left this memory, may have written.
    let error = unsafe { ptr::read_volatile(&raw const child.error) };
    if error != 0 {
        reap_failed(pid);
        return Err(io::Error::from_raw_os_error(error));
    }
    Ok(pid)
}

/// Runs in the child, on the parent's memory: system calls only.
extern "C" fn run_child(argument: *mut c_void) -> c_int {
    // SAFETY: `launch` hands over its `Child`, which nobody else touches meanwhile.
    let child = unsafe { &mut *argument.cast::<Child>() };
    // SAFETY: everything that `child` points to is alive, see `launch`.
    child.error = unsafe { become_worker(child) };
    // SAFETY: ends the child without running anything of the parent's.
    unsafe { libc::_exit(EXIT_NOT_EXECUTED) }
}

/// Turns the child into the worker. Returns only when that failed, with the error's number.
///
/// # Safety
/// Only in the child, with a `child` whose pointers are alive.
unsafe fn become_worker(child: &Child) -> c_int {
    // SAFETY: plain system calls on the child's own process; pointers are alive as the caller promises.
    unsafe {
        if libc::setpgid(0, 0) != 0 {
            return last_error();
        }
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) != 0 {
            return last_error();
        }
        // The parent may have died before that call: then nobody would ever tell this child.
        if libc::getppid() != child.parent {
            return libc::ESRCH;
        }
        let mut default: libc::sigaction = std::mem::zeroed();
        default.sa_sigaction = libc::SIG_DFL;
        for signal in 1..=LAST_SIGNAL {
            libc::sigaction(signal, &raw const default, ptr::null_mut());
        }
        if let Some(limit) = &child.open_files {
            libc::setrlimit(libc::RLIMIT_NOFILE, limit);
        }
        for (from, to) in [(child.input, 0), (child.output, 1), (child.output, 2), (child.status, STATUS_FD)] {
            if libc::dup2(from, to) < 0 {
                return last_error();
            }
        }
        keep_files_from_program(STATUS_FD + 1);
        if !child.directory.is_null() && libc::chdir(child.directory) != 0 {
            return last_error();
        }
        libc::sigprocmask(libc::SIG_SETMASK, &raw const child.signals, ptr::null_mut());
        libc::execve(child.program, child.arguments, child.environment);
        last_error()
    }
}

/// The application's files and sockets stay its own.
///
/// # Safety
/// Only in the child.
unsafe fn keep_files_from_program(first: c_int) {
    // SAFETY: changes flags of the child's own descriptors.
    unsafe {
        if libc::syscall(libc::SYS_close_range, first, c_int::MAX, libc::CLOSE_RANGE_CLOEXEC) != 0 {
            for descriptor in first..LAST_FD_WITHOUT_CLOSE_RANGE {
                libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC);
            }
        }
    }
}

fn last_error() -> c_int {
    // SAFETY: the thread's own error number.
    unsafe { *libc::__errno_location() }
}

/// All signals blocked, and how it was before.
struct BlockedSignals {
    before: libc::sigset_t,
    empty: libc::sigset_t,
}

impl BlockedSignals {
    fn restore(&self) {
        // SAFETY: sets the thread's own mask to what it was.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut()) };
    }
}

fn block_all_signals() -> io::Result<BlockedSignals> {
    // SAFETY: the sets are filled in before use; the mask is the thread's own.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut blocked = BlockedSignals { before: std::mem::zeroed(), empty: std::mem::zeroed() };
        libc::sigfillset(&raw mut all);
        libc::sigemptyset(&raw mut blocked.empty);
        match libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut blocked.before) {
            0 => Ok(blocked),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
}

fn reap_failed(pid: libc::pid_t) {
    // SAFETY: waits for the child made just now, which has ended.
    while unsafe { libc::waitpid(pid, ptr::null_mut(), 0) } < 0 && last_error() == libc::EINTR {}
}

fn c_string(text: &OsStr) -> io::Result<CString> {
    CString::new(text.as_bytes()).map_err(|_| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{} contains a NUL byte", text.to_string_lossy()))
    })
}

fn assignment(name: &OsStr, value: &OsStr) -> io::Result<CString> {
    let mut text = name.to_os_string();
    text.push("=");
    text.push(value);
    c_string(&text)
}

fn null_terminated(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
}
