//! What became of the attempts of a pool's workers.

/// Attempts that a pool's workers have ended, by what became of them; none of the numbers ever decreases.
///
/// An attempt ends in one of four ways: the job is done, has failed for good, was released to be tried again, or ran out of time. One
/// that ran out of time and was not allowed another attempt counts as failed as well.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AttemptTotals {
    /// Jobs that were done.
    pub done: u64,
    /// Jobs that failed for good, by an exception or by their own wish.
    pub failed: u64,
    /// Attempts that gave the job back to the queue, by an exception or by their own wish.
    pub released: u64,
    /// Attempts that ran out of time.
    pub timed_out: u64,
    /// Attempts that an exception ended, other than those that are told to say nothing of what the job depends on.
    pub threw: u64,
    /// Seconds spent in attempts that were released without an exception: work that could not be done now.
    pub blocked_seconds: f64,
}

impl AttemptTotals {
    /// Jobs that left the queue for good.
    #[must_use]
    pub fn departures(&self) -> u64 {
        self.done.saturating_add(self.failed)
    }

    /// What was added since `before`; `None` where that cannot be, as a number has fallen.
    #[must_use]
    pub fn since(&self, before: &Self) -> Option<Self> {
        Some(Self {
            done: self.done.checked_sub(before.done)?,
            failed: self.failed.checked_sub(before.failed)?,
            released: self.released.checked_sub(before.released)?,
            timed_out: self.timed_out.checked_sub(before.timed_out)?,
            threw: self.threw.checked_sub(before.threw)?,
            blocked_seconds: Some(self.blocked_seconds - before.blocked_seconds).filter(|seconds| *seconds >= 0.0)?,
        })
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            done: self.done.saturating_add(other.done),
            failed: self.failed.saturating_add(other.failed),
            released: self.released.saturating_add(other.released),
            timed_out: self.timed_out.saturating_add(other.timed_out),
            threw: self.threw.saturating_add(other.threw),
            blocked_seconds: self.blocked_seconds + other.blocked_seconds,
        }
    }
}
