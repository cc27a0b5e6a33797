//! Whether a worker that says nothing is well: seen from outside, by what the kernel tells of its process.

use std::time::{Duration, Instant};

use super::footprint::ProcessUsage;
use super::worker_state::WorkerState;

/// A worker that somebody stopped is woken after this: long enough for a look with a debugger.
const WOKEN_AFTER: Duration = Duration::from_secs(10);

/// An idle worker looks for a job every few seconds. One that did not run at all for this long waits for something that
/// will not come, such as a server that is gone without a word. Much longer than any blocking pop in use.
const HUNG_AFTER: Duration = Duration::from_secs(300);

/// A process that has ended is reaped at once. One that is still a zombie after this has threads that live on.
const UNDEAD_AFTER: Duration = Duration::from_secs(10);

/// What is wrong with a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    /// A signal or a debugger stopped it.
    Stopped,
    /// It is idle but does not look for jobs.
    Hung,
    /// Its main thread has ended, the process has not.
    Undead,
}

/// What one worker's process looked like before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Health {
    stopped_since: Option<Instant>,
    zombie_since: Option<Instant>,
    /// How often it had run on a CPU, and since when that has not changed.
    idle_runs: Option<(u64, Instant)>,
}

impl Health {
    /// Takes in a reading; what is wrong is told once and then again after as long a time.
    pub fn examine(&mut self, state: WorkerState, usage: &ProcessUsage) -> Option<Ailment> {
        if usage.is_stopped {
            self.idle_runs = None;
            return lasted(&mut self.stopped_since, usage.read_at, WOKEN_AFTER).then_some(Ailment::Stopped);
        }
        self.stopped_since = None;
        if usage.is_zombie {
            return lasted(&mut self.zombie_since, usage.read_at, UNDEAD_AFTER).then_some(Ailment::Undead);
        }
        self.zombie_since = None;
        self.is_hung(state, usage).then_some(Ailment::Hung)
    }

    fn is_hung(&mut self, state: WorkerState, usage: &ProcessUsage) -> bool {
        let (WorkerState::Ready, Some(runs)) = (state, usage.runs) else {
            self.idle_runs = None;
            return false;
        };
        let mut since = self.idle_runs.filter(|(runs_before, _)| *runs_before == runs).map(|(_, since)| since);
        let is_hung = lasted(&mut since, usage.read_at, HUNG_AFTER);
        self.idle_runs = since.map(|since| (runs, since));
        is_hung
    }
}

/// Whether something has lasted for `limit`; begins anew when it has.
fn lasted(since: &mut Option<Instant>, now: Instant, limit: Duration) -> bool {
    let start = *since.get_or_insert(now);
    let has = now.saturating_duration_since(start) >= limit;
    if has {
        *since = None;
    }
    has
}

#[cfg(test)]
mod tests {
    use super::{Ailment, HUNG_AFTER, Health, UNDEAD_AFTER, WOKEN_AFTER};
    use crate::workers::WorkerState;
    use crate::workers::footprint::ProcessUsage;
    use std::time::{Duration, Instant};

    const INTERVAL: Duration = Duration::from_secs(5);

    /// What is found in readings every five seconds, and after how long.
    fn findings(state: WorkerState, usage: impl Fn(ProcessUsage, u32) -> ProcessUsage) -> Vec<(Duration, Ailment)> {
        let start = Instant::now();
        let mut health = Health::default();
        (0..100)
            .filter_map(|number| {
                let well = ProcessUsage {
                    read_at: start + INTERVAL * number,
                    cpu_seconds: 0.0,
                    memory_bytes: 0,
                    is_stopped: false,
                    is_zombie: false,
                    runs: Some(u64::from(number)),
                };
                health.examine(state, &usage(well, number)).map(|ailment| (INTERVAL * number, ailment))
            })
            .collect()
    }

    #[test]
    fn a_stopped_worker_is_found_whatever_it_was_doing() {
        for state in [WorkerState::Busy, WorkerState::Ready, WorkerState::Draining] {
            let found = findings(state, |well, _| ProcessUsage { is_stopped: true, ..well });
            assert_eq!(found[0], (WOKEN_AFTER, Ailment::Stopped));
        }
    }

    #[test]
    fn a_process_that_ended_but_for_some_threads_is_found() {
        let found = findings(WorkerState::Busy, |well, _| ProcessUsage { is_zombie: true, ..well });
        assert_eq!(found[0], (UNDEAD_AFTER, Ailment::Undead));
    }

    #[test]
    fn an_idle_worker_that_never_runs_is_found() {
        assert_eq!(
            findings(WorkerState::Ready, |well, _| ProcessUsage { runs: Some(7), ..well }),
            [(HUNG_AFTER, Ailment::Hung)]
        );
    }

    #[test]
    fn an_idle_worker_that_looks_for_jobs_is_well() {
        assert_eq!(
            findings(WorkerState::Ready, |well, number| ProcessUsage { runs: Some(u64::from(number / 12)), ..well }),
            []
        );
    }

    #[test]
    fn a_busy_worker_may_wait_as_long_as_its_job_may_run() {
        assert_eq!(findings(WorkerState::Busy, |well, _| ProcessUsage { runs: Some(7), ..well }), []);
    }

    #[test]
    fn where_the_kernel_does_not_count_nobody_is_taken_for_hung() {
        assert_eq!(findings(WorkerState::Ready, |well, _| ProcessUsage { runs: None, ..well }), []);
    }
}
