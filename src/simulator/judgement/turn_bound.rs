//! The fewest worker-seconds with which anybody who starts workers at turns could have kept the promise.
//!
//! The clairvoyant bound lets workers start at any instant and looks at peaks. This one looks
//! at the valleys, where one worker would do, and at the turns: it is a bound for whoever acts at turns, strategies that
//! know the future included, so for every strategy that does not.
//!
//! # Why it is a lower bound
//!
//! A worker costs from its start, which is at a turn, until it leaves, at any instant; it boots for `b`, then takes a
//! waiting job whenever it is free. A job is in time if it starts within the SLA `D`.
//!
//! 1. **Spans.** Time falls into spans with at least one worker and gaps with none. A span that serves the jobs `i` to
//!    `j`, in order of arrival, begins at a turn no later than `a(i) + D - b`, since job `i` is in time and some worker
//!    has booted for it. Beginning earlier, even before job `i` is there, only makes for more idle time.
//!
//! 2. **Overhead.** A span's cost is its jobs' work and its overhead: `b` for each of its `k` boots, and what its workers
//!    idle. While no job is there nobody works. One worker that begins as late as it may and never leaves a job waiting is
//!    the slowest way to serve the span, so then no job is there for as short as can be: let that be `g` seconds. A
//!    further worker can boot through such a time, or boot while jobs wait and shorten it; either way its `b` seconds
//!    take away no more than `b` of `g`. So the overhead is at least `k b + max(0, g - (k - 1) b) >= b + g`.
//!
//! 3. **Where spans end.** To end a span while jobs wait is no use: its worker could serve them for their work alone.
//!    To stay through a time without jobs that is longer than `b` is none either: leaving and starting again as late as
//!    the next job allows costs `b`. Between the ends that are left a shortest path finds the least overhead.
//!
//! 4. **Late jobs.** A schedule may start 1 % of the jobs late. Serving such a job by a span of its own costs one boot, so
//!    each of them lowers the overhead by `b` at most.
//!
//! With several queues in a pool, or with retries, the order of service is another, and only the work is left of the bound.

use super::LATE_SHARE_ALLOWED;
use crate::simulator::scenario::PoolTraffic;

/// The bound in worker-seconds, for one pool whose workers take `boot_seconds` to boot and are started at multiples of
/// `turn_seconds`.
pub fn least_worker_seconds_at_turns(traffic: &PoolTraffic, boot_seconds: f64, turn_seconds: f64) -> f64 {
    let in_order = traffic.queues().len() == 1 && traffic.jobs.iter().all(|job| job.failing_attempts == 0);
    if !in_order || traffic.jobs.is_empty() {
        return traffic.work_seconds();
    }
    let late = (traffic.jobs.len() as f64 * LATE_SHARE_ALLOWED).floor();
    let overhead_seconds = least_overhead_seconds(traffic, boot_seconds, turn_seconds) - late * boot_seconds;
    traffic.work_seconds() + overhead_seconds.max(0.0)
}

/// The shortest path over the ends that spans may have.
fn least_overhead_seconds(traffic: &PoolTraffic, boot_seconds: f64, turn_seconds: f64) -> f64 {
    let jobs = &traffic.jobs;
    let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
    // `least[i]`: the overhead of spans that serve all jobs before `i`.
    let mut least = vec![f64::INFINITY; jobs.len() + 1];
    least[0] = 0.0;
    for first in 0..jobs.len() {
        if least[first].is_infinite() {
            continue;
        }
        let latest_seconds = jobs[first].arrives_at_seconds + sla_seconds - boot_seconds;
        let mut free_at_seconds = (latest_seconds / turn_seconds).floor() * turn_seconds + boot_seconds;
        let mut overhead_seconds = least[first] + boot_seconds;
        for (place, job) in jobs.iter().enumerate().skip(first) {
            // The first job may come when its worker is ready already, if the SLA is shorter than a turn.
            let without_jobs_seconds = job.arrives_at_seconds - free_at_seconds;
            if without_jobs_seconds > 0.0 {
                if place > first {
                    least[place] = least[place].min(overhead_seconds);
                }
                if without_jobs_seconds > boot_seconds && place > first {
                    overhead_seconds = f64::INFINITY;
                    break;
                }
                overhead_seconds += without_jobs_seconds;
            }
            free_at_seconds = free_at_seconds.max(job.arrives_at_seconds) + job.service_seconds;
        }
        least[jobs.len()] = least[jobs.len()].min(overhead_seconds);
    }
    least[jobs.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings, Sla};
    use crate::simulator::traffic::Job;

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
