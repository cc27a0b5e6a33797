//! The fewest worker-seconds with which anybody could have started every job the moment it came.
//!
//! It is where the frontier of cost against wait ends on the left, for whoever knows the future. On the right it ends at the
//! clairvoyant bound, where jobs wait for as long as the promise lets them. What lies between has no bound as cheap as these
//! two: it would have to say which of the jobs wait, and a schedule that lets some wait for long may be cheaper than one that
//! lets all wait a little. What keeps an online strategy from the line between the two is what it cannot know.
//!
//! # Why it is a lower bound
//!
//! No job waits, so each occupies a worker from its arrival for its duration. Whoever was in a job before either idled from the one's
//! end to the other's arrival, or left and had to boot: it costs the smaller of the gap and a boot. Of two gaps that cross, the
//! nested ones cost no more, since the cost is concave in the gap. So the job that comes next is best taken by whoever became
//! free last. Attempts after the first may be made at any time, and count for their work alone.

use super::ordered_seconds::OrderedSeconds;
use crate::scenario::PoolTraffic;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The bound in worker-seconds, for one pool whose workers take `boot_seconds` to boot.
pub fn least_worker_seconds_without_wait(traffic: &PoolTraffic, boot_seconds: f64) -> f64 {
    let mut busy: BinaryHeap<Reverse<OrderedSeconds>> = BinaryHeap::new();
    // When each of those without a job became free, the last one on top.
    let mut free: Vec<f64> = Vec::new();
    let mut overhead_seconds = 0.0;
    for job in &traffic.jobs {
        while let Some(Reverse(OrderedSeconds(ends_seconds))) = busy.peek().copied() {
            if ends_seconds > job.arrives_at_seconds {
                break;
            }
            busy.pop();
            free.push(ends_seconds);
        }
        let gap_seconds = free.pop().map_or(f64::INFINITY, |since_seconds| job.arrives_at_seconds - since_seconds);
        overhead_seconds += gap_seconds.min(boot_seconds);
        busy.push(Reverse(OrderedSeconds(job.arrives_at_seconds + job.service_seconds)));
    }
    traffic.work_seconds() + overhead_seconds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings};
    use crate::traffic::Job;

    const BOOT_SECONDS: f64 = 2.0;

    /// One-second jobs at these instants.
    fn bound(arrivals: &[f64]) -> f64 {
        let traffic = PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings::default(),
            jobs: arrivals.iter().map(|seconds| Job::new(*seconds, 1.0)).collect(),
            boot_seconds: None,
        };
        least_worker_seconds_without_wait(&traffic, BOOT_SECONDS)
    }

    #[test]
    fn who_is_free_shortly_before_idles_and_who_was_long_before_boots() {
        assert_eq!(bound(&[0.0]), 3.0);
        assert_eq!(bound(&[0.0, 1.5]), 3.0 + 1.5);
        assert_eq!(bound(&[0.0, 60.0]), 3.0 + 3.0);
    }

    #[test]
    fn jobs_at_once_need_a_worker_each() {
        assert_eq!(bound(&[0.0, 0.0, 0.0]), 9.0);
    }

    #[test]
    fn the_last_to_become_free_goes_on() {
        // Free at 1 and 1.5 s; at 1.6 s the second one goes on after 0.1 s, at 2.7 s again after 0.1 s.
        assert!((bound(&[0.0, 0.5, 1.6, 2.7]) - (4.0 + 2.0 * BOOT_SECONDS + 0.2)).abs() < 1e-9);
    }
}
