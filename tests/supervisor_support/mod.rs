//! A real supervisor over real processes: stand-in workers that a test steers line by line.
#![allow(dead_code, missing_docs, clippy::missing_panics_doc, clippy::unwrap_used)]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use queue_autoscale::config::{PoolId, WorkerOptions};
use queue_autoscale::engine::PoolWorkers;
use queue_autoscale::workers::{KillReason, SupervisorEvent, WorkerStatus, WorkerSupervisor};

/// Nothing here takes longer than this unless it is broken.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A worker that does what is written into the FIFO named by its process number, line by line. Like `queue:work` it
/// leaves on SIGTERM, after its job.
const OBEDIENT: &str = r#"
quit= busy=
trap 'quit=1' TERM
mkfifo "$DIRECTORY/$$.new"
exec 4<>"$DIRECTORY/$$.new"
job() { busy=1; printf '%sB' "$1" >&3; }
done_with_job() { printf '%sI' "$1" >&3; busy=; }
printf R >&3
mv "$DIRECTORY/$$.new" "$DIRECTORY/$$"
while [ -z "$quit" ] || [ -n "$busy" ]; do
    if read -r line <&4; then eval "$line"; fi
done
exit 0
"#;

/// Signal handlers belong to the process, so tests in one process take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Waits until no other test of this process has a supervisor.
pub fn take_turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// What a test works with.
pub struct Stage {
    pub supervisor: WorkerSupervisor,
    pub options: WorkerOptions,
    pub pool: PoolId,
    pub events: Vec<SupervisorEvent>,
    directory: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Stage {
    /// A supervisor whose workers are obedient.
    pub fn obedient() -> Self {
        Self::with_worker(OBEDIENT)
    }

    /// A supervisor whose workers run `script`.
    pub fn with_worker(script: &str) -> Self {
        Self::in_directory(new_directory(), script)
    }

    /// An obedient stage whose files are in `directory`, for a process that another one steers.
    pub fn obedient_in(directory: &Path) -> Self {
        Self::in_directory(directory.to_owned(), OBEDIENT)
    }

    fn in_directory(directory: PathBuf, script: &str) -> Self {
        let turn = take_turn();
        let file = directory.join("worker.sh");
        fs::write(&file, script).unwrap();
        let mut options = WorkerOptions {
            php_binary: "/bin/sh".to_owned(),
            artisan_path: file.to_str().unwrap().to_owned(),
            ..WorkerOptions::default()
        };
        options.environment.insert("DIRECTORY".to_owned(), directory.to_str().unwrap().to_owned());
        Self {
            supervisor: WorkerSupervisor::new().unwrap(),
            options,
            pool: PoolId::new("redis", "default"),
            events: Vec::new(),
            directory,
            _turn: turn,
        }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    pub fn scale(&mut self, target: u32) -> queue_autoscale::workers::ScaleOutcome {
        self.scale_with_idle_floor(target, target)
    }

    /// The same, and whoever finds no job leaves while there are more than `idle_floor`.
    pub fn scale_with_idle_floor(&mut self, target: u32, idle_floor: u32) -> queue_autoscale::workers::ScaleOutcome {
        self.scale_with_waiting_jobs(target, idle_floor, 0)
    }

    /// The same, once as many jobs as wait were started.
    pub fn scale_with_waiting_jobs(
        &mut self,
        target: u32,
        idle_floor: u32,
        waiting_jobs: u64,
    ) -> queue_autoscale::workers::ScaleOutcome {
        self.supervisor.scale(&self.pool, target, idle_floor, waiting_jobs, &self.options).unwrap()
    }

    pub fn let_idle_leave(&mut self, idle_floor: u32) {
        self.supervisor.let_idle_leave(&self.pool, idle_floor);
    }

    /// Supervises until `condition` holds.
    pub fn until(&mut self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !condition(self) {
            assert!(Instant::now() < deadline, "waited in vain until {what}; {:?}; {:?}", self.workers(), self.events);
            self.turn();
        }
    }

    /// Supervises for a moment.
    pub fn turn(&mut self) {
        let events = self.supervisor.supervise(Duration::from_millis(20)).unwrap();
        self.events.extend(events);
    }

    /// Supervises until `count` workers are idle; their processes.
    pub fn until_idle(&mut self, count: usize) -> Vec<i32> {
        self.until("workers are idle", |stage| stage.in_state("ready").len() == count);
        self.in_state("ready")
    }

    pub fn workers(&self) -> Vec<WorkerStatus> {
        self.supervisor.workers()
    }

    pub fn in_state(&self, state: &str) -> Vec<i32> {
        self.workers().iter().filter(|worker| worker.state == state).filter_map(|worker| worker.pid).collect()
    }

    /// Has a worker run a line of shell.
    pub fn tell(&self, pid: i32, line: &str) {
        tell(&self.directory, pid, line);
    }

    /// How many events are of this kind.
    pub fn count(&self, kind: impl Fn(&SupervisorEvent) -> bool) -> usize {
        self.events.iter().filter(|event| kind(event)).count()
    }

    pub fn starts(&self) -> usize {
        self.count(|event| matches!(event, SupervisorEvent::WorkerStarted { .. }))
    }

    pub fn crashes(&self) -> usize {
        self.count(|event| matches!(event, SupervisorEvent::WorkerCrashed { .. }))
    }

    pub fn kills(&self) -> Vec<(KillReason, f64)> {
        self.events
            .iter()
            .filter_map(|event| match event {
                SupervisorEvent::WorkerKilled { reason, late_seconds, .. } => Some((*reason, *late_seconds)),
                _ => None,
            })
            .collect()
    }

    pub fn summary(&self) -> PoolWorkers {
        self.supervisor.pools().into_iter().find(|pool| pool.pool == self.pool).unwrap()
    }

    /// Supervises for this long.
    pub fn watch(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        while Instant::now() < end {
            self.turn();
        }
    }

    /// Has a worker take a job.
    pub fn give_job(&mut self, pid: i32) {
        self.tell(pid, "job");
        self.until("the worker is busy", |stage| stage.state_of(pid) == Some("busy"));
    }

    pub fn state_of(&self, pid: i32) -> Option<&'static str> {
        self.workers().iter().find(|worker| worker.pid == Some(pid)).map(|worker| worker.state)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.supervisor.kill_all();
        let _ = self.supervisor.shutdown();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

pub fn new_directory() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("queue-autoscale-{}-{number}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Has a worker of the stage in `directory` run a line of shell.
pub fn tell(directory: &Path, pid: i32, line: &str) {
    let fifo = directory.join(pid.to_string());
    wait_for("the worker's ear", || fifo.exists());
    writeln!(OpenOptions::new().write(true).open(fifo).unwrap(), "{line}").unwrap();
}

/// What a worker wrote into a file of its stage, once it has.
pub fn read_once_written(file: &Path) -> String {
    wait_for(&file.display().to_string(), || fs::read_to_string(file).is_ok_and(|text| text.ends_with('\n')));
    fs::read_to_string(file).unwrap().trim().to_owned()
}

pub fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn signal(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

/// Whether a process of this number exists, a zombie included.
pub fn exists(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH)
}
