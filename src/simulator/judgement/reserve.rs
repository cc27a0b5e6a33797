//! How many jobs can be started in time by whoever keeps no workers in reserve.

use crate::simulator::environment::Environment;
use crate::simulator::scenario::{PoolTraffic, Scenario};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The largest share of all jobs, 0 ..= 1, that anybody without a reserve could start in time, whatever that costs.
///
/// Nobody can know of a surge before the first turn that sees it, and then workers must boot. Whoever serves more of it
/// has paid for workers that nothing seen so far has ever kept busy: a reserve. **Without a reserve** a pool has, after
/// each turn, no more workers than the heaviest time between two turns so far would have kept busy, its work divided by
/// the turn's length and rounded up, and no more than `max_workers`.
///
/// # Why it is an upper bound
///
/// That number never falls. Let all workers that it allows start at the turn that first allows them, and stay. Any
/// strategy without a reserve has at each instant no more ready workers. Jobs are served in order, and then more workers
/// never make a job start later (J. Kiefer, J. Wolfowitz, "On the theory of queues with many servers", Transactions of the
/// American Mathematical Society 78 (1955), 1-18), so no such strategy starts more jobs within the SLA.
pub fn most_within_sla_without_reserve(scenario: &Scenario, environment: &Environment) -> f64 {
    let in_time: usize = scenario.pools.iter().map(|traffic| jobs_in_time(traffic, environment)).sum();
    in_time as f64 / scenario.job_count().max(1) as f64
}

fn jobs_in_time(traffic: &PoolTraffic, environment: &Environment) -> usize {
    let boot_seconds = traffic.boot_seconds.unwrap_or(environment.boot_seconds);
    let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
    let mut ready = first_ready_seconds(traffic, environment.turn_seconds, boot_seconds).into_iter().peekable();
    // When each worker is free next. Order of service is order of arrival.
    let mut free: BinaryHeap<Reverse<Instant>> = BinaryHeap::new();
    let mut in_time = 0;
    for job in &traffic.jobs {
        while let Some(at_seconds) = ready.next_if(|at_seconds| {
            let next_free = free.peek().map_or(f64::INFINITY, |Reverse(Instant(seconds))| *seconds);
            *at_seconds <= next_free.max(job.arrives_at_seconds)
        }) {
            free.push(Reverse(Instant(at_seconds)));
        }
        let Some(Reverse(Instant(free_seconds))) = free.pop() else { continue };
        let starts_seconds = free_seconds.max(job.arrives_at_seconds);
        in_time += usize::from(starts_seconds - job.arrives_at_seconds <= sla_seconds);
        free.push(Reverse(Instant(starts_seconds + job.work_seconds(traffic.settings.workers.tries))));
    }
    in_time
}

/// When each of the workers is ready at the earliest, in order.
fn first_ready_seconds(traffic: &PoolTraffic, turn_seconds: f64, boot_seconds: f64) -> Vec<f64> {
    let mut ready = Vec::new();
    let mut jobs = traffic.jobs.iter().peekable();
    while let Some(next) = jobs.peek() {
        // The first turn that sees the job, and all that came in before that turn.
        let turn_at_seconds = (next.arrives_at_seconds / turn_seconds).ceil() * turn_seconds;
        let mut work_seconds = 0.0;
        while let Some(job) = jobs.next_if(|job| job.arrives_at_seconds <= turn_at_seconds) {
            work_seconds += job.work_seconds(traffic.settings.workers.tries);
        }
        let allowed = (work_seconds / turn_seconds).ceil().min(f64::from(traffic.settings.max_workers)) as usize;
        if allowed > ready.len() {
            ready.resize(allowed, turn_at_seconds + boot_seconds);
        }
    }
    ready
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Instant(f64);

impl Eq for Instant {}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolSettings, Sla};
    use crate::simulator::traffic::Job;

    fn share(jobs: Vec<Job>, max_workers: u32, sla_seconds: f64) -> f64 {
        let settings = PoolSettings {
            sla: Sla { max_pickup_time_seconds: sla_seconds, ..Sla::default() },
            max_workers,
            ..PoolSettings::default()
        };
        let scenario = Scenario::of_one_pool("test", 100.0, settings, jobs);
        // Turns of 5 s, boots of 1.5 s.
        most_within_sla_without_reserve(&scenario, &Environment::default())
    }

    #[test]
    fn a_surge_is_served_from_the_turn_that_sees_it_and_a_boot_on() {
        // A hundred one-second jobs at 11 s are seen at 15 s; ten workers are ready at 16.5 s. By 11 + 8 s they start
        // three times, at 16.5, 17.5 and 18.5 s: thirty jobs.
        let surge: Vec<Job> = (0..100).map(|_| Job::new(11.0, 1.0)).collect();
        assert_eq!(share(surge, 10, 8.0), 0.3);
    }

    #[test]
    fn the_heaviest_turn_so_far_says_how_many_there_may_be() {
        // Ten seconds of work between two turns keep two workers busy: they are ready at 6.5 s and start two jobs a
        // second, the last ones in time at 8.5 s.
        let jobs: Vec<Job> = (0..10).map(|_| Job::new(1.0, 1.0)).collect();
        assert_eq!(share(jobs, 50, 8.0), 0.6);
    }

    #[test]
    fn workers_that_were_needed_before_are_there_already() {
        let once = (0..10).map(|_| Job::new(1.0, 1.0));
        let again = (0..10).map(|_| Job::new(21.0, 1.0));
        // All but the first ten are served by two workers at once: at 21, 22, 23, 24 and 25 s.
        let share = share(once.chain(again).collect(), 50, 3.0);
        assert_eq!(share, 0.4);
    }

    #[test]
    fn without_jobs_there_is_nothing_to_miss() {
        assert_eq!(share(Vec::new(), 50, 30.0), 0.0);
    }
}
