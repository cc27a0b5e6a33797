//! The life of a worker as a state machine: which step may follow which, and nothing else.

use std::fmt;

/// Where a worker stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkerState {
    /// Spawned, not yet looking for jobs.
    Starting,
    /// Looking for a job.
    Ready,
    /// In a job, or between it and the next look for one.
    Busy,
    /// Running, but its program does not tell what it does.
    Unknown,
    /// Left behind by an earlier manager: in a job, after which it leaves.
    Orphaned,
    /// Asked to leave after its job because the pool shrinks.
    Draining,
    /// Asked to leave because everything stops.
    Stopping,
    /// Told by SIGKILL, not yet gone.
    Killed,
    /// Gone, its exit read.
    Exited,
    /// Gone, waiting for the moment of its restart.
    BackingOff,
}

/// What may happen to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkerStep {
    /// Its loop is up.
    Booted,
    /// It took a job.
    JobStarted,
    /// It left its job, and looks for another one.
    JobEnded,
    /// It has run long enough without a word to be taken for one that tells nothing.
    StayedSilent,
    /// It was asked to leave because the pool shrinks.
    AskedToDrain,
    /// It was asked to leave because everything stops.
    AskedToStop,
    /// SIGKILL was sent.
    Killed,
    /// Its process is gone.
    Exited,
    /// Its restart was put off.
    PutOff,
    /// Its process was started anew.
    Restarted,
}

/// A step that cannot follow the state a worker is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a worker that is {state} cannot take the step {step:?}")]
pub struct IllegalTransition {
    /// Where the worker stood.
    pub state: WorkerState,
    /// What was to happen.
    pub step: WorkerStep,
}

impl WorkerState {
    /// The state after `step`.
    ///
    /// # Errors
    /// [`IllegalTransition`] where the step cannot follow this state.
    pub fn after(self, step: WorkerStep) -> Result<Self, IllegalTransition> {
        use WorkerState as State;
        use WorkerStep as Step;

        match (self, step) {
            (State::Starting | State::Unknown, Step::Booted) => Ok(State::Ready),
            (State::Starting, Step::StayedSilent) => Ok(State::Unknown),
            (State::Ready, Step::JobStarted) => Ok(State::Busy),
            (State::Busy, Step::JobEnded) => Ok(State::Ready),
            // One asked to leave may just have taken a job: it finishes that one, and stays on its way out.
            (State::Draining | State::Stopping, Step::JobStarted | Step::JobEnded | Step::Booted) => Ok(self),
            (State::Starting | State::Ready | State::Busy | State::Unknown, Step::AskedToDrain) => Ok(State::Draining),
            (
                State::Starting | State::Ready | State::Busy | State::Unknown | State::Orphaned | State::Draining,
                Step::AskedToStop,
            ) => Ok(State::Stopping),
            (state, Step::Killed) if state.has_process() => Ok(State::Killed),
            (state, Step::Exited) if state.has_process() => Ok(State::Exited),
            (State::Exited, Step::PutOff) => Ok(State::BackingOff),
            (State::Exited | State::BackingOff, Step::Restarted) => Ok(State::Starting),
            (state, step) => Err(IllegalTransition { state, step }),
        }
    }

    /// Whether a process belongs to a worker in this state.
    pub fn has_process(self) -> bool {
        !matches!(self, Self::Exited | Self::BackingOff)
    }

    /// Whether the worker was told to leave, in whatever way.
    pub fn is_leaving(self) -> bool {
        matches!(self, Self::Draining | Self::Stopping | Self::Killed)
    }

    /// Whether the worker fills one of the places that the pool's target asks for.
    pub fn counts_towards_target(self) -> bool {
        !self.is_leaving() && self != Self::Exited
    }

    /// The state's name in logs and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Busy => "busy",
            Self::Unknown => "unknown",
            Self::Orphaned => "orphaned",
            Self::Draining => "draining",
            Self::Stopping => "stopping",
            Self::Killed => "killed",
            Self::Exited => "exited",
            Self::BackingOff => "backing off",
        }
    }
}

impl fmt::Display for WorkerState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{IllegalTransition, WorkerState as State, WorkerStep as Step};

    fn walk(start: State, steps: &[Step]) -> Result<State, IllegalTransition> {
        steps.iter().try_fold(start, |state, step| state.after(*step))
    }

    #[test]
    fn a_worker_boots_works_drains_and_leaves() {
        let steps = [Step::Booted, Step::JobStarted, Step::AskedToDrain, Step::JobEnded, Step::Exited];
        assert_eq!(walk(State::Starting, &steps), Ok(State::Exited));
    }

    #[test]
    fn a_crashed_worker_waits_and_starts_anew() {
        let steps = [Step::Exited, Step::PutOff, Step::Restarted];
        assert_eq!(walk(State::Busy, &steps), Ok(State::Starting));
    }

    #[test]
    fn a_worker_that_is_gone_cannot_be_asked_or_killed() {
        for state in [State::Exited, State::BackingOff] {
            for step in [Step::AskedToDrain, Step::AskedToStop, Step::Killed, Step::Exited, Step::JobStarted] {
                assert_eq!(state.after(step), Err(IllegalTransition { state, step }));
            }
        }
    }

    #[test]
    fn a_worker_that_was_told_to_leave_never_counts_again() {
        for state in [State::Draining, State::Stopping, State::Killed] {
            for step in [Step::Booted, Step::JobStarted, Step::JobEnded, Step::AskedToStop, Step::Killed, Step::Exited]
            {
                if let Ok(next) = state.after(step) {
                    assert!(!next.counts_towards_target(), "{state} became {next} by {step:?}");
                }
            }
        }
    }

    #[test]
    fn a_killed_worker_can_only_exit() {
        assert_eq!(State::Killed.after(Step::Exited), Ok(State::Exited));
        for step in [Step::Booted, Step::JobStarted, Step::AskedToDrain, Step::AskedToStop, Step::Restarted] {
            assert!(State::Killed.after(step).is_err(), "{step:?}");
        }
    }

    #[test]
    fn an_illegal_step_names_state_and_step() {
        let error = State::BackingOff.after(Step::JobStarted).unwrap_err();
        assert_eq!(error.to_string(), "a worker that is backing off cannot take the step JobStarted");
    }
}
