//! How many workers start every waiting job before its deadline.

/// Jobs that wait, and what is there to take them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backlog {
    /// Jobs waiting.
    pub pending: f64,
    /// Time left until the oldest of them is due, in seconds; negative where it is overdue.
    pub time_left_seconds: f64,
    /// Mean service time, in seconds (> 0).
    pub service_time_seconds: f64,
    /// Workers in a job; each takes the next one every service time.
    pub busy_workers: f64,
    /// Workers waiting for a job, or about to: each takes one at once, then one every service time.
    pub idle_workers: f64,
    /// Time until a worker that is started now takes its first job, in seconds.
    pub boot_seconds: f64,
    /// Time to do it in where nothing is left of it, in seconds (> 0).
    pub least_seconds: f64,
}

/// Fluid balance of a waiting queue: jobs that must start by the deadline against starts that the workers offer until
/// then.
///
/// A queue served in order leaves no choice: what arrives later is started later, so only what is waiting now counts, and
/// it counts as a whole, as if all were as old as the oldest; where younger ones are told apart ([`super::BacklogAges`]), those
/// up to each age count for themselves. A busy worker offers R/S starts in the time R left, an idle
/// one 1 + R/S, a new one 1 + (R − boot)/S. (For fluid balances see G. F. Newell, "Applications of Queueing Theory",
/// 2nd ed. 1982, chapter 2.)
#[derive(Clone, Copy, Debug)]
pub struct BacklogDrain;

impl BacklogDrain {
    /// Smallest number of workers, not rounded, that starts every waiting job in the time left; never more than those
    /// busy and one for each waiting job.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{Backlog, BacklogDrain};
    /// // 100 jobs of 2 s wait, 22 s are left, a worker needs 2 s to boot: each offers 1 + 20/2 = 11 starts.
    /// let backlog = Backlog {
    ///     pending: 100.0, time_left_seconds: 22.0, service_time_seconds: 2.0, busy_workers: 0.0, idle_workers: 0.0,
    ///     boot_seconds: 2.0, least_seconds: 1.0,
    /// };
    /// assert!((BacklogDrain::workers_for(&backlog) - 100.0 / 11.0).abs() < 1e-9);
    /// ```
    pub fn workers_for(backlog: &Backlog) -> f64 {
        if backlog.pending.is_nan() || backlog.pending <= 0.0 {
            return 0.0;
        }
        let seconds = backlog.time_left_seconds.max(backlog.least_seconds);
        let starts_busy = seconds / backlog.service_time_seconds;
        let starts_idle = 1.0 + starts_busy;
        let useful = backlog.busy_workers + backlog.pending;
        let offered_by_busy = backlog.busy_workers * starts_busy;
        if offered_by_busy >= backlog.pending {
            return backlog.pending / starts_busy;
        }
        let after_busy = backlog.pending - offered_by_busy;
        let offered_by_idle = backlog.idle_workers * starts_idle;
        if offered_by_idle >= after_busy {
            return backlog.busy_workers + after_busy / starts_idle;
        }
        let left = after_busy - offered_by_idle;
        let new_workers = if seconds > backlog.boot_seconds {
            left / (1.0 + (seconds - backlog.boot_seconds) / backlog.service_time_seconds)
        } else {
            left
        };
        (backlog.busy_workers + backlog.idle_workers + new_workers).min(useful)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backlog(pending: f64, time_left_seconds: f64, busy_workers: f64) -> Backlog {
        Backlog {
            pending,
            time_left_seconds,
            service_time_seconds: 2.0,
            busy_workers,
            idle_workers: 0.0,
            boot_seconds: 2.0,
            least_seconds: 1.0,
        }
    }

    #[test]
    fn an_empty_queue_needs_nobody() {
        assert_eq!(BacklogDrain::workers_for(&backlog(0.0, 10.0, 5.0)), 0.0);
    }

    #[test]
    fn busy_workers_that_get_round_to_it_in_time_are_enough() {
        // Each of four busy workers takes another job every two seconds: twenty in ten seconds.
        assert_eq!(BacklogDrain::workers_for(&backlog(20.0, 10.0, 4.0)), 4.0);
    }

    #[test]
    fn what_they_do_not_get_round_to_is_for_new_ones() {
        // Five more jobs; a new worker offers 1 + (10 − 2)/2 = 5 starts.
        assert_eq!(BacklogDrain::workers_for(&backlog(25.0, 10.0, 4.0)), 5.0);
    }

    #[test]
    fn long_jobs_get_one_new_worker_each_and_no_more() {
        let long = Backlog { service_time_seconds: 1e6, ..backlog(7.0, 10.0, 4.0) };
        assert!((BacklogDrain::workers_for(&long) - 11.0).abs() < 1e-3);
    }

    #[test]
    fn an_overdue_queue_asks_for_all_that_could_help_in_the_least_time() {
        assert_eq!(BacklogDrain::workers_for(&backlog(30.0, -5.0, 0.0)), 30.0);
    }
}
