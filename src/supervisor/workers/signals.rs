//! Signals become bytes in a pipe that `poll` can wait for.
//!
//! The handlers belong to the whole process. They are put back when the [`SignalPipe`] goes.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};

use libc::{c_int, c_void, siginfo_t};

use super::spawner::set_nonblocking;

/// The signals that a manager listens to.
const HEARD: [c_int; 6] = [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT, libc::SIGCHLD, libc::SIGUSR2, libc::SIGCONT];

/// Signal numbers below this have a place in the table of chained handlers.
const TABLE_SIZE: usize = 65;

/// Bytes read from the pipe at a time.
const READ_BYTES: usize = 64;

static IN_USE: AtomicBool = AtomicBool::new(false);
static WRITE_END: AtomicI32 = AtomicI32::new(-1);
static OWNER: AtomicI32 = AtomicI32::new(0);

/// For each signal the handler of somebody else that hears it too, 0 for none.
static CHAINED: [AtomicUsize; TABLE_SIZE] = [const { AtomicUsize::new(0) }; TABLE_SIZE];
/// Whether that handler takes three arguments.
static CHAINED_WITH_INFO: [AtomicBool; TABLE_SIZE] = [const { AtomicBool::new(false) }; TABLE_SIZE];

/// The pipe that this process's signals are written into.
pub struct SignalPipe {
    read_end: OwnedFd,
    /// Kept open for the handlers.
    _write_end: OwnedFd,
    before: Vec<(c_int, libc::sigaction)>,
}

impl SignalPipe {
    /// Puts the handlers in place. `None` if this process has such a pipe already.
    ///
    /// # Errors
    /// What the system said.
    pub fn open() -> io::Result<Option<Self>> {
        if IN_USE.swap(true, Ordering::SeqCst) {
            return Ok(None);
        }
        Self::install().map(Some).inspect_err(|_| IN_USE.store(false, Ordering::SeqCst))
    }

    fn install() -> io::Result<Self> {
        let (read_end, write_end) = io::pipe()?;
        let (read_end, write_end) = (OwnedFd::from(read_end), OwnedFd::from(write_end));
        set_nonblocking(read_end.as_fd())?;
        set_nonblocking(write_end.as_fd())?;
        WRITE_END.store(write_end.as_raw_fd(), Ordering::SeqCst);
        OWNER.store(std::process::id().cast_signed(), Ordering::SeqCst);
        let mut pipe = Self { read_end, _write_end: write_end, before: Vec::new() };
        for signal in HEARD {
            let before = set_handler(signal)?;
            // Whoever waits for children besides us must still hear of them. Stop signals we take over.
            if signal == libc::SIGCHLD {
                chain(signal, &before);
            }
            pipe.before.push((signal, before));
        }
        Ok(pipe)
    }

    /// The end to poll.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.read_end.as_fd()
    }

    /// The signals that came since the last call, in order.
    pub fn take(&self) -> Vec<c_int> {
        let mut signals = Vec::new();
        let mut bytes = [0_u8; READ_BYTES];
        while let Ok(count @ 1..) = nix::unistd::read(&self.read_end, &mut bytes) {
            signals.extend(bytes[..count].iter().map(|byte| c_int::from(*byte)));
        }
        signals
    }

    /// Takes back the signals that somebody has taken from us since, and lets them hear theirs too. Returns them.
    ///
    /// # Errors
    /// What the system said.
    pub fn take_back(&mut self) -> io::Result<Vec<c_int>> {
        let mut taken = Vec::new();
        for (signal, before) in &mut self.before {
            let current = current_handler(*signal)?;
            if !is_ours(&current) {
                chain(*signal, &current);
                set_handler(*signal)?;
                *before = current;
                taken.push(*signal);
            }
        }
        Ok(taken)
    }
}

impl Drop for SignalPipe {
    fn drop(&mut self) {
        if OWNER.load(Ordering::SeqCst) == std::process::id().cast_signed() {
            for (signal, before) in &self.before {
                let ours = current_handler(*signal).is_ok_and(|current| is_ours(&current));
                if ours {
                    // SAFETY: puts back an action that the system gave us.
                    unsafe { libc::sigaction(*signal, before, ptr::null_mut()) };
                }
                unchain(*signal);
            }
        }
        WRITE_END.store(-1, Ordering::SeqCst);
        IN_USE.store(false, Ordering::SeqCst);
    }
}

/// The handler: async-signal-safe calls only.
extern "C" fn on_signal(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: `getpid`, `write` and the error number may be used in a handler. A fork that has not executed its program
    // yet still has this handler, but its signals are none of ours.
    unsafe {
        let error = *error_number();
        if libc::getpid() == OWNER.load(Ordering::SeqCst) {
            let byte = signal.to_ne_bytes()[if cfg!(target_endian = "little") { 0 } else { size_of::<c_int>() - 1 }];
            libc::write(WRITE_END.load(Ordering::SeqCst), (&raw const byte).cast(), 1);
        }
        call_chained(signal, info, context);
        *error_number() = error;
    }
}

/// Calls the handler of somebody else who listens to the same signal.
///
/// # Safety
/// Only from a signal handler, with what that got.
unsafe fn call_chained(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    let Some(index) = table_index(signal) else { return };
    let address = CHAINED[index].load(Ordering::SeqCst);
    if address == 0 {
        return;
    }
    // SAFETY: the address came from `sigaction`, whose flags told which of the two kinds of handler it is.
    unsafe {
        if CHAINED_WITH_INFO[index].load(Ordering::SeqCst) {
            let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) = std::mem::transmute(address);
            handler(signal, info, context);
        } else {
            let handler: extern "C" fn(c_int) = std::mem::transmute(address);
            handler(signal);
        }
    }
}

fn chain(signal: c_int, action: &libc::sigaction) {
    let Some(index) = table_index(signal) else { return };
    let nobody = [libc::SIG_DFL, libc::SIG_IGN].contains(&action.sa_sigaction);
    CHAINED_WITH_INFO[index].store(action.sa_flags & libc::SA_SIGINFO != 0, Ordering::SeqCst);
    CHAINED[index].store(if nobody { 0 } else { action.sa_sigaction }, Ordering::SeqCst);
}

fn unchain(signal: c_int) {
    if let Some(index) = table_index(signal) {
        CHAINED[index].store(0, Ordering::SeqCst);
    }
}

fn table_index(signal: c_int) -> Option<usize> {
    usize::try_from(signal).ok().filter(|index| *index < TABLE_SIZE)
}

fn handler_address() -> usize {
    on_signal as extern "C" fn(c_int, *mut siginfo_t, *mut c_void) as usize
}

fn is_ours(action: &libc::sigaction) -> bool {
    action.sa_sigaction == handler_address()
}

fn set_handler(signal: c_int) -> io::Result<libc::sigaction> {
    // SAFETY: both actions are complete; the handler does only what a handler may. SA_RESTART leaves the
    // application's own reads and writes alone.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler_address();
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | libc::SA_NOCLDSTOP;
        libc::sigemptyset(&raw mut action.sa_mask);
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        match libc::sigaction(signal, &raw const action, before.as_mut_ptr()) {
            0 => Ok(before.assume_init()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

fn current_handler(signal: c_int) -> io::Result<libc::sigaction> {
    let mut current = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only reads the action.
    match unsafe { libc::sigaction(signal, ptr::null(), current.as_mut_ptr()) } {
        // SAFETY: filled in by the call.
        0 => Ok(unsafe { current.assume_init() }),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Where the thread's error number lives.
///
/// # Safety
/// Always sound to call; the pointer is the thread's own.
unsafe fn error_number() -> *mut c_int {
    // SAFETY: see above.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::__errno_location()
    }
    // SAFETY: see above.
    #[cfg(not(target_os = "linux"))]
    unsafe {
        libc::__error()
    }
}
