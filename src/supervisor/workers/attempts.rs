//! What a pool's workers have told of their attempts.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::calculators::PickupSketch;
use crate::engine::AttemptTotals;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The job is done.
    Done,
    /// The job is back on the queue.
    Released {
        /// Seconds until it is due again, where that is known.
        delay_seconds: Option<u64>,
        /// Whether an exception did it that counts.
        threw: bool,
    },
    /// The job has failed for good.
    Failed {
        /// Whether an exception did it that counts.
        threw: bool,
    },
    /// The attempt ran out of time.
    TimedOut {
        /// Whether the job has failed for good with it.
        failed: bool,
    },
}

/// Jobs whose next attempt is waited for, at most. Of those beyond, the pickup time of that attempt stays unknown.
const MOST_RELEASED: usize = 10_000;

/// Failing attempts that are looked at to tell many jobs that fail from one that fails often.
const FAILURES_LOOKED_AT: usize = 64;

/// The attempts of one pool's workers.
#[derive(Debug, Default)]
pub struct Attempts {
    totals: AttemptTotals,
    /// How long jobs waited since they were due, of those whose wait is known.
    pickups: PickupSketch,
    /// Attempts that ended, whatever is known of them.
    ended: u64,
    /// When jobs that were released are due again, by their numbers.
    due: HashMap<u64, Instant>,
    /// While there is no room for more of them: when the first one is due, before which none can be dropped.
    full_until: Option<Instant>,
    /// The jobs of the last attempts that threw or ran out of time, by their numbers.
    failing: VecDeque<u64>,
}

/// What was told of an attempt that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ended {
    /// When.
    pub at: Instant,
    /// How long it took, in seconds.
    pub duration_seconds: f64,
    /// The number of its job, if that was told.
    pub job_number: Option<u64>,
    /// How it ended, if that was told.
    pub outcome: Option<AttemptOutcome>,
}

impl Attempts {
    /// An attempt has ended.
    pub fn end(&mut self, ended: &Ended) {
        self.ended = self.ended.saturating_add(1);
        let Some(outcome) = ended.outcome else { return };
        let totals = &mut self.totals;
        let threw = match outcome {
            AttemptOutcome::Done => {
                totals.done = totals.done.saturating_add(1);
                false
            }
            AttemptOutcome::Released { delay_seconds, threw } => {
                totals.released = totals.released.saturating_add(1);
                if !threw {
                    totals.blocked_seconds += ended.duration_seconds;
                }
                self.expect(ended.job_number, delay_seconds, ended.at);
                threw
            }
            AttemptOutcome::Failed { threw } => {
                totals.failed = totals.failed.saturating_add(1);
                threw
            }
            AttemptOutcome::TimedOut { failed } => {
                totals.timed_out = totals.timed_out.saturating_add(1);
                totals.failed = totals.failed.saturating_add(u64::from(failed));
                self.remember_failing(ended.job_number);
                false
            }
        };
        if threw {
            self.totals.threw = self.totals.threw.saturating_add(1);
            self.remember_failing(ended.job_number);
        }
    }

    /// An attempt begins. How long its job waited the worker knows, or follows from when it was released.
    pub fn begin(&mut self, pickup_seconds: Option<f64>, job_number: Option<u64>, now: Instant) {
        let due = job_number.and_then(|number| self.due.remove(&number));
        let since_due = due.map(|due| now.saturating_duration_since(due).as_secs_f64());
        if let Some(seconds) = pickup_seconds.or(since_due) {
            self.pickups.add(seconds);
        }
    }

    /// How long jobs waited since they were due, of those whose wait is known.
    pub fn pickups(&self) -> &PickupSketch {
        &self.pickups
    }

    /// Attempts that ended.
    pub fn ended(&self) -> u64 {
        self.ended
    }

    /// What became of those whose outcome was told.
    pub fn totals(&self) -> AttemptTotals {
        self.totals
    }

    /// Different jobs among the last attempts that threw or ran out of time.
    pub fn failing_jobs(&self) -> u32 {
        let mut numbers: Vec<u64> = self.failing.iter().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() as u32
    }

    fn expect(&mut self, job_number: Option<u64>, delay_seconds: Option<u64>, now: Instant) {
        let (Some(number), Some(seconds)) = (job_number, delay_seconds) else { return };
        if let Some(due) = now.checked_add(Duration::from_secs(seconds)) {
            // Looking through all of them at each release would take longer than many a job.
            if self.due.len() >= MOST_RELEASED && self.full_until.is_none_or(|until| until <= now) {
                // Those that are due may have been taken by another host's workers.
                self.due.retain(|_, due| *due > now);
                self.full_until = self.due.values().min().copied();
            }
            if self.due.len() < MOST_RELEASED {
                self.due.insert(number, due);
            }
        }
    }

    fn remember_failing(&mut self, job_number: Option<u64>) {
        if self.failing.len() == FAILURES_LOOKED_AT {
            self.failing.pop_front();
        }
        // Jobs without a number are taken for different ones.
        self.failing.push_back(job_number.unwrap_or(u64::MAX - self.ended));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(job_number: u64, outcome: Option<AttemptOutcome>) -> Ended {
        Ended { at: Instant::now(), duration_seconds: 0.5, job_number: Some(job_number), outcome }
    }

    fn attempts(outcomes: &[AttemptOutcome]) -> Attempts {
        let mut attempts = Attempts::default();
        for (number, outcome) in (0..).zip(outcomes) {
            attempts.end(&ended(number, Some(*outcome)));
        }
        attempts
    }

    #[test]
    fn each_outcome_is_counted_where_it_belongs() {
        let totals = attempts(&[
            AttemptOutcome::Done,
            AttemptOutcome::Released { delay_seconds: None, threw: false },
            AttemptOutcome::Released { delay_seconds: Some(5), threw: true },
            AttemptOutcome::Failed { threw: true },
            AttemptOutcome::Failed { threw: false },
            AttemptOutcome::TimedOut { failed: false },
            AttemptOutcome::TimedOut { failed: true },
        ])
        .totals();
        let expected = AttemptTotals { done: 1, failed: 3, released: 2, timed_out: 2, threw: 2, blocked_seconds: 0.5 };
        assert_eq!(totals, expected);
        assert_eq!(totals.departures(), 4);
    }

    #[test]
    fn an_attempt_that_tells_no_outcome_has_ended_all_the_same() {
        let mut attempts = Attempts::default();
        attempts.end(&ended(1, None));
        assert_eq!((attempts.ended(), attempts.totals()), (1, AttemptTotals::default()));
    }

    #[test]
    fn a_released_job_has_waited_since_it_was_due_again() {
        let mut attempts = Attempts::default();
        let end = ended(7, Some(AttemptOutcome::Released { delay_seconds: Some(5), threw: true }));
        attempts.end(&end);
        for number in [8, 7, 7] {
            attempts.begin(None, Some(number), end.at + Duration::from_secs(9));
        }
        let four_seconds = PickupSketch::from_counts(attempts.pickups().counts());
        assert_eq!(four_seconds.jobs(), 1, "only of the one that was released, and once");
        assert!((four_seconds.percentile(50.0).unwrap() - 4.0).abs() < 0.2);
    }

    #[test]
    fn what_is_never_taken_again_is_not_kept_without_bound() {
        let released_for_an_hour = AttemptOutcome::Released { delay_seconds: Some(3600), threw: true };
        let mut attempts = Attempts::default();
        for number in 0..3 * MOST_RELEASED as u64 {
            attempts.end(&ended(number, Some(released_for_an_hour)));
        }
        assert_eq!(attempts.due.len(), MOST_RELEASED);
        let later = Ended { at: Instant::now() + Duration::from_secs(4000), ..ended(1, Some(released_for_an_hour)) };
        attempts.end(&later);
        assert_eq!(attempts.due.len(), 1, "those that were due long ago make room");
    }

    #[test]
    fn one_job_that_fails_often_is_one() {
        let threw = Some(AttemptOutcome::Released { delay_seconds: Some(0), threw: true });
        let mut attempts = Attempts::default();
        (0..100).for_each(|_| attempts.end(&ended(7, threw)));
        assert_eq!(attempts.failing_jobs(), 1);
        (0..10).for_each(|number| attempts.end(&ended(number, threw)));
        assert_eq!(attempts.failing_jobs(), 10);
    }
}
