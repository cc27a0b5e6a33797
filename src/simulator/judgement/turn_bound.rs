//! The fewest worker-seconds with which anybody who starts workers at turns could have kept the promise.
//!
//! The clairvoyant bound lets workers start at any instant and looks at peaks. This one looks at the valleys, where one
//! worker would do, and at the turns: it is a bound for whoever acts at turns, strategies that know the future included, so for
//! every strategy that does not. [`Spans`] has the argument, with the arrival and the SLA for the instant by which a job must
//! start. With several queues in a pool, or with retries, the order of service is another, and only the work is left of the bound.
//!
//! **Late jobs.** A schedule may start 1 % of the jobs late. Serving such a job in time, by a span of its own, costs one boot;
//! whoever served it late can idle for its duration instead. So each of them lowers the overhead by no more than both.

use super::LATE_SHARE_ALLOWED;
use super::spans::Spans;
use crate::scenario::PoolTraffic;

/// The bound in worker-seconds, for one pool whose workers take `boot_seconds` to boot and are started at multiples of
/// `turn_seconds`.
pub fn least_worker_seconds_at_turns(traffic: &PoolTraffic, boot_seconds: f64, turn_seconds: f64) -> f64 {
    let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
    let Some(spans) = Spans::of(traffic, boot_seconds, turn_seconds, |_| sla_seconds) else {
        return traffic.work_seconds();
    };
    const WITHOUT_PRICE: f64 = 0.0;
    let overhead_seconds = spans.least_overhead_seconds(WITHOUT_PRICE) - late_seconds(traffic, boot_seconds);
    traffic.work_seconds() + overhead_seconds.max(0.0)
}

/// What the jobs that may be late can lower the overhead by.
fn late_seconds(traffic: &PoolTraffic, boot_seconds: f64) -> f64 {
    let late = (traffic.jobs.len() as f64 * LATE_SHARE_ALLOWED) as usize;
    let mut durations: Vec<f64> = traffic.jobs.iter().map(|job| job.service_seconds).collect();
    durations.sort_by(f64::total_cmp);
    durations.iter().rev().take(late).map(|seconds| seconds + boot_seconds).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings, Sla};
    use crate::traffic::Job;

    const BOOT_SECONDS: f64 = 1.5;
    const TURN_SECONDS: f64 = 5.0;

    /// One-second jobs at these instants, 30 s promised.
    fn bound(arrivals: &[f64]) -> f64 {
        let traffic = PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings {
                sla: Sla { max_pickup_time_seconds: 30.0, ..Sla::default() },
                ..PoolSettings::default()
            },
            jobs: arrivals.iter().map(|seconds| Job::new(*seconds, 1.0)).collect(),
            boot_seconds: None,
        };
        least_worker_seconds_at_turns(&traffic, BOOT_SECONDS, TURN_SECONDS)
    }

    #[test]
    fn without_jobs_nothing_need_be_spent() {
        assert_eq!(bound(&[]), 0.0);
    }

    #[test]
    fn a_job_alone_costs_a_boot_and_its_work() {
        assert_eq!(bound(&[101.0]), 2.5);
        assert_eq!(bound(&[101.0, 201.0, 301.0]), 7.5);
    }

    #[test]
    fn jobs_that_one_start_serves_in_time_share_its_boot() {
        // The worker for the job of 101 starts at 125 at the latest, is ready at 126.5 and free at 127.5.
        assert_eq!(bound(&[101.0, 127.0]), 3.5);
        // Waiting half a second for the next one is cheaper than booting again.
        assert_eq!(bound(&[101.0, 128.0]), 4.0);
        // At 129.5 it is not: that is two seconds.
        assert_eq!(bound(&[101.0, 129.5]), 5.0);
    }

    #[test]
    fn a_start_at_any_instant_would_gather_more() {
        // Could it be started at 129.5, it would be free at 132 and serve the second job at once.
        assert_eq!(bound(&[101.0, 132.0]), 5.0);
    }
}
