//! Totals that go on although hosts come and go.

use crate::calculators::PickupSketch;
use crate::config::PoolId;
use crate::engine::{AttemptTotals, PoolWorkers};
use std::collections::HashMap;
use std::sync::Arc;

/// Sums up what each host's counters grew by. Their plain sum would fall when a host leaves, and jump when one joins that
/// has been working for long; the engine would take both for jobs.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    last: HashMap<String, HashMap<PoolId, Counted>>,
    totals: HashMap<PoolId, Counted>,
}

/// What one pool's workers have done since somebody began to count.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counted {
    /// Seconds spent in jobs.
    pub busy_seconds: f64,
    /// Attempts that ended.
    pub jobs_finished: u64,
    /// What became of them, where that is told.
    pub attempts: AttemptTotals,
    /// How long jobs waited, where that is told.
    pub pickups: Arc<PickupSketch>,
}

impl Counted {
    fn add_growth(&mut self, before: &Self, now: &Self) {
        let nothing = Self::default();
        let has_begun_anew = now.busy_seconds < before.busy_seconds || now.jobs_finished < before.jobs_finished;
        let before = if has_begun_anew { &nothing } else { before };
        self.busy_seconds += now.busy_seconds - before.busy_seconds;
        self.jobs_finished = self.jobs_finished.saturating_add(now.jobs_finished - before.jobs_finished);
        self.attempts = self.attempts.plus(&now.attempts.since(&before.attempts).unwrap_or(now.attempts));
        if !Arc::ptr_eq(&before.pickups, &now.pickups) {
            Arc::make_mut(&mut self.pickups).merge(&now.pickups.since(&before.pickups));
        }
    }
}

impl Counters {
    /// Takes in what a host says. A host that is new counts from now on; a counter that fell was started anew.
    pub fn count(&mut self, host: &str, pools: &[PoolWorkers]) {
        let is_new = !self.last.contains_key(host);
        let last = self.last.entry(host.to_owned()).or_default();
        for workers in pools {
            let now = Counted {
                busy_seconds: workers.busy_seconds_total,
                jobs_finished: workers.jobs_finished_total.unwrap_or_default(),
                attempts: workers.attempts.unwrap_or_default(),
                pickups: workers.pickups.clone().unwrap_or_default(),
            };
            let before = last.insert(workers.pool.clone(), now.clone()).unwrap_or_default();
            if !is_new {
                let total = self.totals.entry(workers.pool.clone()).or_default();
                total.add_growth(&before, &now);
            }
        }
    }

    /// Forgets the hosts that are not among those that `is_there` knows.
    pub fn retain_hosts(&mut self, is_there: impl Fn(&str) -> bool) {
        self.last.retain(|host, _| is_there(host));
    }

    /// What the pool's workers on all hosts have done.
    pub fn total(&self, pool: &PoolId) -> Counted {
        self.totals.get(pool).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(counters: &mut Counters, host: &str, jobs: u64) -> u64 {
        let pool = PoolId::new("redis", "emails");
        let workers = PoolWorkers { jobs_finished_total: Some(jobs), ..PoolWorkers::none(pool.clone()) };
        counters.count(host, &[workers]);
        counters.total(&pool).jobs_finished
    }

    #[test]
    fn a_host_that_joins_brings_no_jobs_and_one_that_leaves_takes_none() {
        let mut counters = Counters::default();
        assert_eq!(counted(&mut counters, "a", 1_000), 0);
        assert_eq!(counted(&mut counters, "a", 1_010), 10);
        assert_eq!(counted(&mut counters, "b", 5_000), 10);
        counters.retain_hosts(|host| host == "b");
        assert_eq!(counted(&mut counters, "b", 5_005), 15);
        assert_eq!(counted(&mut counters, "a", 9_000), 15, "it is new again");
    }

    #[test]
    fn a_pool_that_is_new_on_a_known_host_counts_from_its_first_job() {
        let mut counters = Counters::default();
        counters.count("a", &[]);
        assert_eq!(counted(&mut counters, "a", 3), 3);
    }

    #[test]
    fn a_manager_that_was_started_anew_counts_from_zero() {
        let mut counters = Counters::default();
        counted(&mut counters, "a", 1_000);
        assert_eq!(counted(&mut counters, "a", 7), 7);
    }
}
