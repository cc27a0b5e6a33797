//! The simulator against what can be worked out by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale::calculators::{PickupTime, Workload};
use queue_autoscale::config::{PoolId, PoolSettings, WorkerOptions};
use queue_autoscale::engine::IDLE_GRACE_SECONDS;
use queue_autoscale::simulator::peers::Contestant;
use queue_autoscale::simulator::peers::FixedWorkers;
use queue_autoscale::simulator::traffic::{Failures, Job, Pattern, Recipe, ServiceTime};
use queue_autoscale::simulator::{
    Autoscaler, Environment, Outcome, PoolTraffic, ReportedDurations, Scenario, Sight, Simulation, run,
};

fn environment() -> Environment {
    Environment { turn_seconds: 1.0, boot_seconds: 2.0, ..Environment::default() }
}

fn scenario(seconds: f64, jobs: Vec<Job>) -> Scenario {
    Scenario::of_one_pool("test", seconds, PoolSettings::default(), jobs)
}

fn with_fixed(workers: u32, scenario: &Scenario, environment: &Environment) -> Outcome {
    run(scenario, environment, &mut FixedWorkers::new(vec![workers]))
}

/// Decides what a list says, turn by turn, the last number from then on; keeps what it saw.
struct Scripted {
    targets: Vec<u32>,
    idle_floor: Option<u32>,
    turn: usize,
    seen: Vec<(u64, u64, f64, f64)>,
}

impl Scripted {
    fn new(targets: &[u32]) -> Self {
        Self { targets: targets.to_vec(), idle_floor: None, turn: 0, seen: Vec::new() }
    }
}

impl Autoscaler for Scripted {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        targets[0] = self.targets[self.turn.min(self.targets.len() - 1)];
        self.turn += 1;
        let row = sight.metrics[0].as_ref().unwrap();
        self.seen.push((row.pending, row.scheduled, row.throughput_per_minute, row.avg_duration_ms));
    }

    fn idle_floor(&self, _place: usize) -> Option<u32> {
        self.idle_floor
    }
}

#[test]
fn waits_are_those_of_erlang_c() {
    // M/M/10 at 90 % load. A booted pool: arrivals begin after the boot.
    let recipe =
        Recipe::new(40_000.0, Pattern::Steady { rate_per_second: 9.0 }, ServiceTime::Exponential { mean_seconds: 1.0 });
    let outcome = with_fixed(10, &scenario(40_000.0, recipe.jobs(3)), &environment());
    let waits = &outcome.pools[0].pickup_seconds;
    let workload = Workload::markovian(9.0, 1.0);
    for seconds in [0.0, 0.5, 2.0] {
        let longer = waits.iter().filter(|wait| f64::from(**wait) > seconds).count() as f64 / waits.len() as f64;
        let expected = PickupTime::probability_beyond(seconds, 10, &workload);
        assert!((longer - expected).abs() < 0.02, "beyond {seconds} s: {longer} instead of {expected}");
    }
}

#[test]
fn the_same_run_comes_out_the_same_to_the_bit() {
    let recipe = Recipe::new(
        600.0,
        Pattern::Steady { rate_per_second: 5.0 },
        ServiceTime::Pareto { mean_seconds: 1.0, shape: 1.5 },
    );
    let scenario = scenario(600.0, recipe.jobs(5));
    let environment = Environment { unreadable_share: 0.1, repeated_share: 0.1, ..environment() };
    let once = Contestant::ENGINE.run(&scenario, &environment).unwrap();
    assert_eq!(once, Contestant::ENGINE.run(&scenario, &environment).unwrap());
    assert_ne!(recipe.jobs(5), recipe.jobs(6));
}

#[test]
fn a_worker_costs_from_its_start_and_works_from_its_boot_on() {
    let outcome = with_fixed(1, &scenario(10.0, vec![Job::new(0.5, 3.0)]), &environment());
    assert_eq!(outcome.pools[0].pickup_seconds, [1.5]);
    assert_eq!(outcome.pools[0].worker_seconds, 10.0);
    assert_eq!(outcome.pools[0].busy_seconds, 3.0);
}

#[test]
fn a_worker_told_to_leave_finishes_its_job_and_costs_until_then() {
    let jobs = vec![Job::new(0.0, 6.0), Job::new(0.1, 1.0)];
    // Two workers boot until 2; at 4 both are told to leave: the idle one does at once, the other at 8.
    let outcome = run(&scenario(12.0, jobs), &environment(), &mut Scripted::new(&[2, 2, 2, 2, 0]));
    assert_eq!(outcome.pools[0].busy_seconds, 7.0);
    assert_eq!(outcome.pools[0].worker_seconds, 4.0 + 8.0);
}

#[test]
fn who_finds_no_job_leaves_before_the_next_turn_down_to_the_idle_floor() {
    let environment = Environment { turn_seconds: 10.0, ..environment() };
    let jobs = vec![Job::new(0.0, 4.0), Job::new(0.1, 9.0)];
    let with_floor = |idle_floor, environment: &Environment| {
        let mut autoscaler = Scripted { idle_floor, ..Scripted::new(&[3, 0]) };
        run(&scenario(20.0, jobs.clone()), environment, &mut autoscaler).pools[0].worker_seconds
    };
    // Three boot until 2. One finds nothing, the others are done at 6 and 11; all is decided anew at 10.
    let idle = IDLE_GRACE_SECONDS;
    assert!((with_floor(Some(0), &environment) - (2.0 + idle + 6.0 + idle + 11.0)).abs() < 1e-9);
    assert!((with_floor(Some(2), &environment) - (2.0 + idle + 10.0 + 11.0)).abs() < 1e-9);
    assert!((with_floor(None, &environment) - (10.0 + 10.0 + 11.0)).abs() < 1e-9);
    // Nobody knows who is idle where workers do not tell.
    let silent = Environment { status_listener: false, ..environment.clone() };
    assert!((with_floor(Some(0), &silent) - with_floor(None, &silent)).abs() < 1e-9);
}

#[test]
fn nobody_takes_a_job_whose_worker_was_stopped_while_it_booted() {
    let jobs = vec![Job::new(0.0, 1.0)];
    let outcome = run(&scenario(9.0, jobs), &environment(), &mut Scripted::new(&[1, 0, 0, 0, 0, 1]));
    assert_eq!(outcome.pools[0].pickup_seconds, [7.0]);
}

#[test]
fn the_first_queue_of_a_pool_goes_first() {
    let low = Job { queue: 1, ..Job::new(0.0, 1.0) };
    let high = Job::new(0.5, 1.0);
    let traffic = PoolTraffic {
        pool: PoolId::new("redis", "high,low"),
        settings: PoolSettings::default(),
        jobs: vec![low, high],
        boot_seconds: None,
    };
    let scenario = Scenario { name: "test".to_owned(), seconds: 5.0, pools: vec![traffic], host: None };
    let outcome = with_fixed(1, &scenario, &environment());
    assert_eq!(outcome.pools[0].pickup_seconds, [3.0, 1.5]);
}

#[test]
fn a_job_that_fails_comes_back_until_its_tries_are_used_up() {
    let settings = PoolSettings {
        workers: WorkerOptions { tries: 2, backoff: "3".to_owned(), ..WorkerOptions::default() },
        ..PoolSettings::default()
    };
    let fails_once = Job { failing_attempts: 1, ..Job::new(0.0, 1.0) };
    let fails_always = Job { failing_attempts: 9, ..Job::new(0.1, 1.0) };
    let scenario = Scenario::of_one_pool("test", 20.0, settings, vec![fails_once, fails_always]);
    let mut autoscaler = Scripted::new(&[1]);
    let outcome = run(&scenario, &environment(), &mut autoscaler);
    assert_eq!(outcome.pools[0].busy_seconds, 4.0);
    let (pending, scheduled, succeeded, _) = *autoscaler.seen.last().unwrap();
    assert_eq!((pending, scheduled, succeeded), (0, 0, 1.0));
    assert!(autoscaler.seen.iter().any(|(_, scheduled, ..)| *scheduled == 2), "both wait for their retry at once");
}

#[test]
fn failing_jobs_take_more_work_and_are_no_new_jobs() {
    let pattern = Pattern::Steady { rate_per_second: 2.0 };
    let mut recipe = Recipe::new(2_000.0, pattern, ServiceTime::Constant { seconds: 1.0 });
    let without = scenario(2_000.0, recipe.jobs(1)).pools[0].work_seconds();
    recipe.failures = Some(Failures { share: 0.5, most_attempts: 2 });
    let jobs = recipe.jobs(1);
    let with = scenario(2_000.0, jobs).pools[0].work_seconds();
    // One attempt, a second with probability 1/2, a third with 1/4.
    assert!((with / without - 1.75).abs() < 0.05, "{}", with / without);
}

#[test]
fn durations_are_reported_as_each_kind_of_installation_does() {
    let reported = |reported_durations| {
        let mut autoscaler = Scripted::new(&[1]);
        let environment = Environment { reported_durations, ..environment() };
        run(&scenario(8.0, vec![Job::new(0.0, 1.0)]), &environment, &mut autoscaler);
        autoscaler.seen.last().unwrap().3
    };
    assert_eq!(reported(ReportedDurations::None), 0.0);
    assert_eq!(reported(ReportedDurations::Real), 1_000.0);
    assert_eq!(reported(ReportedDurations::WaitIncluded), 3_000.0);
}

#[test]
fn an_idle_worker_that_sleeps_between_looks_is_late_by_its_sleep() {
    let environment = Environment { poll_seconds: 1.0, ..environment() };
    // It looks at 2, 3, 4 and so on.
    let outcome = with_fixed(1, &scenario(9.0, vec![Job::new(4.25, 0.5)]), &environment);
    assert_eq!(outcome.pools[0].pickup_seconds, [0.75]);
}

#[test]
fn a_job_is_found_although_the_worker_that_would_have_found_it_leaves() {
    // Two workers begin at 2 s and end at 10.1 and 10.15 s; both sleep for a second then. The third job comes at 10.2 s, and at 10.3 s
    // the first of them, which would have looked first, leaves.
    let jobs = vec![Job::new(1.0, 8.1), Job::new(1.0, 8.15), Job::new(10.2, 1.0)];
    let environment = Environment { turn_seconds: 5.0, poll_seconds: 1.0, ..environment() };
    let mut simulation = Simulation::new(&scenario(20.0, jobs), &environment);
    while simulation.next_turn().is_some() {
        simulation.scale(&[2], |_| Some(1));
    }
    let outcome = simulation.finish();
    assert!(outcome.pools[0].pickup_seconds[2] <= 1.0, "{:?}", outcome.pools[0].pickup_seconds);
}

#[test]
fn nobody_leaves_for_want_of_a_job_while_one_is_known_to_wait() {
    // The worker ends a job at 4.95 s and sleeps for a second; the next job comes at 4.98 s, and the turn at 5 s sees it.
    let jobs = vec![Job::new(1.0, 2.95), Job::new(4.98, 1.0)];
    let environment = Environment { turn_seconds: 5.0, poll_seconds: 1.0, ..environment() };
    let mut simulation = Simulation::new(&scenario(20.0, jobs), &environment);
    while simulation.next_turn().is_some() {
        simulation.scale(&[1], |_| Some(0));
    }
    let waited = simulation.finish().pools[0].pickup_seconds[1];
    assert!((waited - 0.97).abs() < 1e-3, "{waited}");
}
