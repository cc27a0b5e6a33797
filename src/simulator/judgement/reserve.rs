//! How many jobs can be started in time by whoever keeps no workers in reserve.

use super::ordered_seconds::OrderedSeconds;
use crate::environment::Environment;
use crate::outcome::PoolOutcome;
use crate::scenario::{PoolTraffic, Scenario};
use crate::traffic::Job;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The largest share of all jobs, 0 ..= 1, that anybody without foresight and without a reserve could start in time,
/// whatever that costs.
///
/// Nobody without foresight knows of a surge before the first turn that sees it, and then workers must boot. Whoever serves
/// more of it has paid for workers that nothing kept busy: a reserve. **Without a reserve** a pool has, after each turn,
///
/// - no more workers than `max_workers`, and
/// - no more than the heaviest of late would have kept busy: of the times between two turns whose jobs need not all have
///   ended, were each started within the SLA, the one with most work, divided by the turn's length and rounded up; or than
///   are in a job; or, while jobs wait, than it had.
///
/// A worker that no job in time can still need is thus a reserve. One that a job or two a turn can need is not, although it idles
/// for most of the time: whoever serves such a queue in batches has it for a part of the time and, as no surge announces itself,
/// on average that part of what it adds to the bound.
///
/// # Why it is an upper bound
///
/// Let a pool have as many workers as these rules allow, each from the first turn that allows it. As long as another one
/// that keeps to them has never had more ready, it has started no job earlier: jobs are served in order, and then more workers
/// never make a job start later (J. Kiefer, J. Wolfowitz, "On the theory of queues with many servers", Transactions of the
/// American Mathematical Society 78 (1955), 1-18). The other one can come to have more only while jobs wait there that have been
/// started here, and longer than a job in time can be there: so those jobs are late. A worker that late jobs keep until the
/// next surge starts them all the while, and wins only what it starts of the surge before new workers are ready, a turn
/// and a boot at most. Where jobs of the two are as long, that is no more than it has lost, unless the surges are nearer to each
/// other than a turn, a boot and the SLA; and then the memory has kept the workers here as well.
pub fn most_within_sla_without_reserve(scenario: &Scenario, environment: &Environment) -> f64 {
    most_within_sla_after_waits(scenario, environment, 0.0)
}

/// The same for whoever lets every job wait, by intention, for a share of the room that a promise leaves (the SLA less a
/// turn and a boot), as `target_wait_percent` asks for on average.
///
/// Where more comes in between two turns than `max_workers` can serve, nobody waits by intention. But such an overload then
/// finds as many jobs waiting as came in during that wait (Little's law), and they are served first: that is the price of letting
/// jobs wait where workers do not suffice. Where they do, nobody is late for it.
pub fn most_within_sla_after_waits(scenario: &Scenario, environment: &Environment, share_of_room: f64) -> f64 {
    let in_time = |traffic: &PoolTraffic| {
        let response_seconds = environment.turn_seconds + boot_seconds(traffic, environment);
        let room_seconds = (traffic.settings.sla.max_pickup_time_seconds - response_seconds).max(0.0);
        jobs_in_time(traffic, environment, share_of_room * room_seconds)
    };
    scenario.pools.iter().map(in_time).sum::<usize>() as f64 / scenario.job_count().max(1) as f64
}

/// Whether a run kept to the rules of [`most_within_sla_without_reserve`] at every turn.
pub fn kept_no_reserve(traffic: &PoolTraffic, outcome: &PoolOutcome, turn_seconds: f64) -> bool {
    let mut justified = Justified::new(traffic, turn_seconds);
    let mut before = 0;
    outcome.samples.iter().all(|sample| {
        let allowed = justified.at(sample.at_seconds);
        let allowed = if sample.pending > 0 { allowed.max(before) } else { allowed };
        before = sample.alive() as usize;
        before <= allowed.max(sample.in_a_job as usize)
    })
}

fn boot_seconds(traffic: &PoolTraffic, environment: &Environment) -> f64 {
    traffic.boot_seconds.unwrap_or(environment.boot_seconds)
}

/// For each job the instant from which on it may be started, if it is to wait so long unless there is an overload.
fn due_seconds(traffic: &PoolTraffic, turn_seconds: f64, wait_seconds: f64) -> Vec<f64> {
    let most_seconds = f64::from(traffic.settings.max_workers) * turn_seconds;
    let turn_of = |job: &Job| (job.arrives_at_seconds / turn_seconds).ceil();
    let mut due_seconds = Vec::with_capacity(traffic.jobs.len());
    for jobs in traffic.jobs.chunk_by(|one, other| turn_of(one) == turn_of(other)) {
        let work_seconds: f64 = jobs.iter().map(|job| job.work_seconds(traffic.settings.workers.tries)).sum();
        let wait_seconds = if work_seconds > most_seconds { 0.0 } else { wait_seconds };
        due_seconds.extend(jobs.iter().map(|job| job.arrives_at_seconds + wait_seconds));
    }
    // In order of arrival: whoever stands before a job that is due is due as well.
    for place in (1..due_seconds.len()).rev() {
        due_seconds[place - 1] = due_seconds[place - 1].min(due_seconds[place]);
    }
    due_seconds
}

/// Jobs started in time by as many workers as are allowed, each job once it has waited so long.
fn jobs_in_time(traffic: &PoolTraffic, environment: &Environment, wait_seconds: f64) -> usize {
    let (turn_seconds, boot_seconds) = (environment.turn_seconds, boot_seconds(traffic, environment));
    let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
    let last_seconds = traffic.jobs.last().map_or(0.0, |job| job.arrives_at_seconds);
    let mut justified = Justified::new(traffic, turn_seconds);
    // When each worker is free next. Order of service is order of arrival.
    let mut free: BinaryHeap<Reverse<OrderedSeconds>> = BinaryHeap::new();
    let due_seconds = due_seconds(traffic, turn_seconds, wait_seconds);
    let mut jobs = traffic.jobs.iter().zip(&due_seconds).peekable();
    let (mut in_time, mut turn) = (0, 0.0);
    while let Some((_, due_seconds)) = jobs.peek() {
        let now_seconds = turn * turn_seconds;
        if now_seconds > last_seconds + sla_seconds {
            // All that is left is late.
            break;
        }
        let waits = **due_seconds < now_seconds;
        let allowed = justified.at(now_seconds);
        while !waits && free.len() > allowed && free.peek().is_some_and(|Reverse(first)| first.0 <= now_seconds) {
            free.pop();
        }
        for _ in free.len()..allowed {
            free.push(Reverse(OrderedSeconds(now_seconds + boot_seconds)));
        }
        turn += 1.0;
        while let (Some(Reverse(OrderedSeconds(free_seconds))), Some((job, due_seconds))) = (free.peek(), jobs.peek()) {
            let starts_seconds = free_seconds.max(**due_seconds);
            if starts_seconds > turn * turn_seconds {
                break;
            }
            in_time += usize::from(starts_seconds - job.arrives_at_seconds <= sla_seconds);
            let work_seconds = job.work_seconds(traffic.settings.workers.tries);
            free.pop();
            free.push(Reverse(OrderedSeconds(starts_seconds + work_seconds)));
            jobs.next();
        }
    }
    in_time
}

/// Workers that what came in of late would have kept busy, turn by turn.
struct Justified<'a> {
    jobs: std::iter::Peekable<std::slice::Iter<'a, Job>>,
    traffic: &'a PoolTraffic,
    turn_seconds: f64,
    /// The times between two turns: when their jobs have ended at the latest, and the workers that they would have kept busy.
    recent: Vec<(f64, usize)>,
}

impl<'a> Justified<'a> {
    fn new(traffic: &'a PoolTraffic, turn_seconds: f64) -> Self {
        Self { jobs: traffic.jobs.iter().peekable(), traffic, turn_seconds, recent: Vec::new() }
    }

    /// At the next turn, which is at the instant.
    fn at(&mut self, now_seconds: f64) -> usize {
        let settings = &self.traffic.settings;
        let (mut work_seconds, mut ended_seconds, mut workers) = (0.0, 0.0_f64, 0);
        while let Some(job) = self.jobs.next_if(|job| job.arrives_at_seconds <= now_seconds) {
            let job_seconds = job.work_seconds(settings.workers.tries);
            work_seconds += job_seconds;
            // However little a job takes, somebody must do it.
            workers = 1;
            let latest_seconds = job.arrives_at_seconds + settings.sla.max_pickup_time_seconds;
            ended_seconds = ended_seconds.max(latest_seconds + job_seconds);
        }
        self.recent.retain(|(ended_seconds, _)| *ended_seconds >= now_seconds - self.turn_seconds);
        workers = workers.max((work_seconds / self.turn_seconds).ceil() as usize);
        self.recent.push((ended_seconds, workers));
        let heaviest = self.recent.iter().map(|(_, workers)| *workers).max().unwrap_or(0);
        heaviest.min(settings.max_workers as usize).max(settings.min_workers as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolSettings, Sla};

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

    /// Ten jobs at 1 s, which two workers finish by 11.5 s, all of them late, and ten more at the instant.
    fn share_of_two_surges(again_at_seconds: f64) -> f64 {
        let once = (0..10).map(|_| Job::new(1.0, 1.0));
        let again = (0..10).map(|_| Job::new(again_at_seconds, 1.0));
        share(once.chain(again).collect(), 50, 3.0)
    }

    #[test]
    fn workers_that_were_needed_a_moment_ago_are_there_still() {
        // At 12, 13, 14 and 15 s two each.
        assert_eq!(share_of_two_surges(12.0), 0.4);
    }

    #[test]
    fn workers_that_nothing_has_needed_for_as_long_as_the_promise_are_gone() {
        assert_eq!(share_of_two_surges(21.0), 0.0);
    }

    #[test]
    fn whoever_lets_jobs_wait_meets_a_surge_with_those_that_wait() {
        // A job a second for two workers, then a surge of a hundred at 50 s, eight seconds promised.
        let steady = (0..50).map(|number| Job::new(f64::from(number), 1.0));
        let surge = (0..100).map(|_| Job::new(50.0, 1.0));
        let settings = PoolSettings {
            sla: Sla { max_pickup_time_seconds: 8.0, ..Sla::default() },
            min_workers: 2,
            max_workers: 2,
            ..PoolSettings::default()
        };
        let scenario = Scenario::of_one_pool("test", 100.0, settings, steady.chain(surge).collect());
        let environment = Environment { turn_seconds: 1.0, boot_seconds: 1.0, ..Environment::default() };
        let jobs = |share_of_room: f64| 150.0 * most_within_sla_after_waits(&scenario, &environment, share_of_room);
        // Half the room is three seconds, so three jobs still wait when the surge comes.
        assert!((jobs(0.0) - jobs(0.5) - 3.0).abs() < 1e-9, "{} and {}", jobs(0.0), jobs(0.5));
    }

    #[test]
    fn jobs_that_take_no_time_need_a_worker_all_the_same() {
        let jobs = vec![Job::new(1.0, 0.0)];
        assert_eq!(share(jobs, 50, 8.0), 1.0);
    }

    #[test]
    fn jobs_that_nobody_can_serve_are_late() {
        let job = vec![Job::new(1.0, 1.0)];
        assert_eq!(share(job.clone(), 0, 8.0), 0.0);
        let scenario = Scenario::of_one_pool("test", 100.0, PoolSettings::default(), job);
        let environment = Environment { boot_seconds: 1e30, ..Environment::default() };
        assert_eq!(most_within_sla_without_reserve(&scenario, &environment), 0.0);
    }

    #[test]
    fn without_jobs_there_is_nothing_to_miss() {
        assert_eq!(share(Vec::new(), 50, 30.0), 0.0);
    }
}
