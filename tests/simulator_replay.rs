//! A run that is recorded and replayed comes out as it was.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale::config::{Configuration, PoolSettings};
use queue_autoscale::simulator::recorded::{Recording, RecordingError, Replay, read_arrivals};
use queue_autoscale::simulator::traffic::{Job, Pattern, Random, Recipe, ServiceTime};
use queue_autoscale::simulator::{
    Autoscaler, EngineAutoscaler, Environment, Outcome, Scenario, Sight, configuration_of, run,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Two rounds of the steps below.
const SECONDS: f64 = 1_800.0;

/// Writes what a manager would write, while another one decides.
struct Recorder<A> {
    inner: A,
    lines: String,
}

impl<A: Autoscaler> Autoscaler for Recorder<A> {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        self.inner.decide(sight, targets);
        let workers = &sight.workers[0];
        let listed = sight.turn.metrics.iter().flatten().map(|row| {
            json!({
                "connection": row.connection, "queue": row.queue,
                "depth": {
                    "pending": row.pending, "scheduled": row.scheduled, "reserved": row.reserved,
                    "oldest_job_age_seconds": row.oldest_job_age_seconds.unwrap_or(0.0),
                },
                "performance_60s": {"throughput_per_minute": row.throughput_per_minute, "avg_duration_ms": 0},
            })
        });
        let metrics: Map<String, Value> = listed.map(|row| ("redis:default".to_owned(), row)).collect();
        let line = json!({
            "version": 1,
            "now_seconds": sight.now_seconds + 1000.0,
            "metrics": metrics,
            "workers": [{
                "connection": "redis", "queues": "default",
                "starting": workers.starting, "idle": workers.idle, "busy": workers.busy, "draining": workers.draining,
                "busy_seconds_total": workers.busy_seconds_total, "jobs_finished_total": workers.jobs_finished_total,
                "boot_seconds": workers.boot_seconds,
            }],
            "host": null,
            "decisions": {"redis:default": {
                "connection": "redis", "queues": "default", "target_workers": targets[0],
            }},
        });
        self.lines.push_str(&line.to_string());
        self.lines.push('\n');
    }

    fn idle_floor(&self, place: usize) -> Option<u32> {
        self.inner.idle_floor(place)
    }
}

fn scenario(seed: u64) -> Scenario {
    let steps = Pattern::Steps { steps: vec![(300.0, 4.0), (300.0, 11.0), (300.0, 1.0)] };
    let recipe = Recipe::new(SECONDS, steps, ServiceTime::LogNormal { mean_seconds: 0.6, variation: 0.8 });
    Scenario::of_one_pool("recorded", SECONDS, Default::default(), recipe.jobs(seed))
}

fn engine(scenario: &Scenario) -> EngineAutoscaler {
    let configuration = configuration_of(scenario, None).unwrap();
    EngineAutoscaler::new(Arc::new(configuration), scenario.pools.iter().map(|traffic| traffic.pool.clone()))
}

fn recorded(seed: u64) -> (Outcome, String) {
    record(&scenario(seed), &Environment { turn_seconds: 2.0, poll_seconds: 1.0, ..Environment::default() })
}

fn record(scenario: &Scenario, environment: &Environment) -> (Outcome, String) {
    let mut recorder = Recorder { inner: engine(scenario), lines: String::new() };
    let outcome = run(scenario, environment, &mut recorder);
    (outcome, recorder.lines)
}

fn mean_pickup_seconds(outcome: &Outcome) -> f64 {
    let waits = &outcome.pools[0].pickup_seconds;
    waits.iter().map(|wait| f64::from(*wait)).sum::<f64>() / waits.len() as f64
}

fn is_within_ten_percent(one: f64, other: f64) -> bool {
    (one / other - 1.0).abs() <= 0.1
}

#[test]
fn the_replay_has_as_many_jobs_and_as_much_work_as_there_really_were() {
    let (_, lines) = recorded(1);
    let recording = Recording::read(lines.as_bytes()).unwrap();
    let replay = Replay::of(&recording, &Configuration::default(), 1).unwrap();
    let real = &scenario(1).pools[0];
    let replayed = &replay.scenario.pools[0];
    assert!(replayed.jobs.len().abs_diff(real.jobs.len()) <= 5, "{} of {}", replayed.jobs.len(), real.jobs.len());
    assert!(is_within_ten_percent(replayed.work_seconds(), real.work_seconds()));
}

#[test]
fn what_the_recording_says_of_waits_and_workers_is_what_happened() {
    let (outcome, lines) = recorded(1);
    let recording = Recording::read(lines.as_bytes()).unwrap();
    let real = &Replay::of(&recording, &Configuration::default(), 1).unwrap().real[0];
    assert!(is_within_ten_percent(real.mean_pickup_seconds(), mean_pickup_seconds(&outcome)));
    assert!(is_within_ten_percent(real.mean_workers(), outcome.pools[0].worker_seconds / outcome.seconds));
}

#[test]
fn the_same_engine_does_on_the_replay_what_it_did_on_the_traffic() {
    // A recording does not tell all, and chance decides how long a surge has to wait: several runs are taken together.
    let (mut workers_before, mut workers_after, mut pickup_before, mut pickup_after) = (0.0, 0.0, 0.0, 0.0);
    for seed in 0..6 {
        let (outcome, lines) = recorded(seed);
        let recording = Recording::read(lines.as_bytes()).unwrap();
        let replay = Replay::of(&recording, &Configuration::default(), seed).unwrap();
        let again = run(&replay.scenario, &replay.environment, &mut engine(&replay.scenario));
        workers_before += outcome.pools[0].worker_seconds;
        workers_after += again.pools[0].worker_seconds;
        pickup_before += mean_pickup_seconds(&outcome);
        pickup_after += mean_pickup_seconds(&again);
    }
    assert!(is_within_ten_percent(workers_after, workers_before), "{workers_after} instead of {workers_before}");
    assert!(is_within_ten_percent(pickup_after, pickup_before), "{pickup_after} instead of {pickup_before}");
}

/// As many recordings are taken together where one is a matter of luck.
const SEEDS: u64 = 40;

/// A dozen jobs in a minute, in an application that has had none before.
fn small_queue(seed: u64) -> Scenario {
    let first_seconds = 5.0 * Random::new(seed).uniform();
    let job = |number| Job::new(first_seconds + 5.0 * f64::from(number), 0.5);
    let mut settings = PoolSettings::default();
    settings.sla.max_pickup_time_seconds = 10.0;
    Scenario::of_one_pool("small", 90.0, settings, (0..12).map(job).collect())
}

#[test]
fn a_small_queue_comes_out_as_it_was_on_average() {
    // Nothing may be wrong in all of the recordings.
    for turn_seconds in [1.0, 5.0] {
        let environment = Environment {
            turn_seconds,
            boot_seconds: 0.3,
            poll_seconds: 1.0,
            new_queues: true,
            ..Environment::default()
        };
        let (mut workers, mut pickups) = ([0.0; 3], [0.0; 3]);
        for seed in 0..SEEDS {
            let scenario = small_queue(seed);
            let (outcome, lines) = record(&scenario, &environment);
            let recording = Recording::read(lines.as_bytes()).unwrap();
            let replay = Replay::of(&recording, &configuration_of(&scenario, None).unwrap(), seed).unwrap();
            let again = run(&replay.scenario, &replay.environment, &mut engine(&replay.scenario));
            let seconds = |outcome: &Outcome| outcome.pools[0].worker_seconds / outcome.seconds;
            let real = &replay.real[0];
            let figures = [
                (seconds(&outcome), mean_pickup_seconds(&outcome)),
                (real.mean_workers(), real.mean_pickup_seconds()),
                (seconds(&again), mean_pickup_seconds(&again)),
            ];
            for (place, (mean_workers, mean_pickup)) in figures.into_iter().enumerate() {
                workers[place] += mean_workers / SEEDS as f64;
                pickups[place] += mean_pickup / SEEDS as f64;
            }
        }
        let what = format!("at turns of {turn_seconds} s: {workers:.3?} workers, {pickups:.3?} s");
        for [really, reckoned, replayed] in [workers, pickups] {
            assert!(is_within_ten_percent(reckoned, really) && is_within_ten_percent(replayed, really), "{what}");
        }
    }
}

fn turn(now_seconds: f64, metrics: &Value, boot_seconds: f64) -> String {
    let workers = json!([{"connection": "redis", "queues": "emails", "idle": 2, "boot_seconds": boot_seconds}]);
    json!({"version": 1, "now_seconds": now_seconds, "metrics": metrics, "workers": workers}).to_string() + "\n"
}

fn row(pending: u64, throughput_per_minute: u64) -> Value {
    json!({"redis:emails": {
        "connection": "redis", "queue": "emails",
        "depth": {"pending": pending, "scheduled": 0, "reserved": 0, "oldest_job_age_seconds": 0},
        "performance_60s": {"throughput_per_minute": throughput_per_minute, "avg_duration_ms": 0},
    }})
}

#[test]
fn what_a_new_queue_shows_at_first_sight_came_in_and_what_an_old_one_has_done_did_not() {
    let came_later = turn(1.0, &json!([]), 1.0) + &turn(2.0, &row(150, 7), 1.0);
    let was_there = turn(1.0, &row(150, 7), 1.0) + &turn(2.0, &row(150, 7), 1.0);
    for (lines, jobs) in [(came_later, 157), (was_there, 150)] {
        let recording = Recording::read(lines.as_bytes()).unwrap();
        let replay = Replay::of(&recording, &Configuration::default(), 1).unwrap();
        assert_eq!(replay.scenario.job_count(), jobs);
    }
}

/// A line about a queue with one row, its workers and its target.
fn pool_turn(now_seconds: f64, depth: &Value, workers: &Value, target: u32) -> String {
    let (mut row, mut pool) = (row(0, 0), json!({"connection": "redis", "queues": "emails", "boot_seconds": 1.0}));
    for (whole, part) in [(&mut row["redis:emails"]["depth"], depth), (&mut pool, workers)] {
        whole.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    let decision = json!({"connection": "redis", "queues": "emails", "target_workers": target});
    json!({"version": 1, "now_seconds": now_seconds, "metrics": row, "workers": [pool], "decisions": [decision]})
        .to_string()
        + "\n"
}

/// A job that waits at 5 s for 0.4 s by then, and the worker started for it, which is gone by 10 s.
fn one_job_between_two_turns() -> Replay {
    let none = json!({"busy_seconds_total": 0.0, "jobs_finished_total": 0});
    let lines = pool_turn(0.0, &json!({}), &none, 0)
        + &pool_turn(5.0, &json!({"pending": 1, "oldest_job_age_seconds": 0.4}), &none, 1)
        + &pool_turn(10.0, &json!({}), &json!({"busy_seconds_total": 2.0, "jobs_finished_total": 1}), 0);
    Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap()
}

#[test]
fn a_job_that_waits_at_a_turn_came_in_the_second_in_which_it_is_said_to_have_come() {
    let jobs = &one_job_between_two_turns().scenario.pools[0].jobs;
    // It is said to have come at 4.6 s, and its creation is kept as a whole second; at 5 s it was there.
    assert!(matches!(&jobs[..], [job] if (4.6..=5.0).contains(&job.arrives_at_seconds)), "{jobs:?}");
}

#[test]
fn jobs_that_wait_for_several_turns_tell_at_each_when_the_oldest_came() {
    let finished = |jobs: u64| json!({"busy": 1, "busy_seconds_total": jobs, "jobs_finished_total": jobs});
    let waiting = |jobs: u64, age: f64| json!({"pending": jobs, "oldest_job_age_seconds": age});
    let lines = pool_turn(0.0, &json!({}), &finished(0), 1)
        + &pool_turn(5.0, &waiting(4, 4.5), &finished(0), 1)
        + &pool_turn(10.0, &waiting(2, 7.2), &finished(2), 1);
    let replay = Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap();
    let came: Vec<f64> = replay.scenario.pools[0].jobs.iter().map(|job| job.arrives_at_seconds).collect();
    assert_eq!(came.len(), 4);
    assert!((0.5..=1.5).contains(&came[0]), "{came:?}");
    assert!((2.8..=3.8).contains(&came[2]), "{came:?}");
}

#[test]
fn a_job_that_seems_lost_for_a_turn_comes_in_only_once() {
    // It has left the queue, and the supervisor has not heard yet that it is done.
    let lines: String = [(0.0, 10, 0), (1.0, 9, 0), (2.0, 9, 1)]
        .map(|(at, pending, finished)| {
            pool_turn(at, &json!({"pending": pending}), &json!({"busy": 1, "jobs_finished_total": finished}), 1)
        })
        .concat();
    let replay = Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap();
    assert_eq!(replay.scenario.job_count(), 10);
}

/// Notes how many rows the manager sees at each turn.
#[derive(Debug)]
struct Rows(Vec<usize>);

impl Autoscaler for Rows {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        self.0.push(sight.turn.metrics.len());
        assert_eq!(sight.turn.workers.len(), sight.turn.metrics.len());
        targets.fill(1);
    }
}

#[test]
fn a_queue_that_appears_in_the_recording_appears_in_the_replay() {
    for (first, rows) in [(json!([]), [0, 1]), (row(0, 0), [1, 1])] {
        let lines = turn(1.0, &first, 1.0) + &turn(2.0, &row(1, 0), 1.0) + &turn(3.0, &row(1, 0), 1.0);
        let replay = Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap();
        let mut seen = Rows(Vec::new());
        run(&replay.scenario, &replay.environment, &mut seen);
        assert_eq!(seen.0[..2], rows, "{seen:?}");
    }
}

#[test]
fn chance_decides_which_job_is_long_and_not_how_long_all_take() {
    let (_, lines) = recorded(1);
    let recording = Recording::read(lines.as_bytes()).unwrap();
    let work_seconds =
        |seed| Replay::of(&recording, &Configuration::default(), seed).unwrap().scenario.pools[0].work_seconds();
    assert!((work_seconds(1) / work_seconds(2) - 1.0).abs() < 1e-9);
}

#[test]
fn a_minute_of_jobs_tells_that_all_take_equally_long() {
    let jobs = (0..160).map(|number| Job::new(f64::from(number) / 3.0, 0.4)).collect();
    let (_, lines) =
        record(&Scenario::of_one_pool("even", 60.0, PoolSettings::default(), jobs), &Environment::default());
    let replay = Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap();
    let squares: f64 = replay.scenario.pools[0].jobs.iter().map(|job| (job.service_seconds / 0.4 - 1.0).powi(2)).sum();
    let variation = (squares / replay.scenario.job_count() as f64).sqrt();
    assert!(variation < 0.5, "{variation}");
}

#[test]
fn workers_that_come_and_go_between_two_turns_tell_all_the_same() {
    assert!(one_job_between_two_turns().environment.status_listener);
}

#[test]
fn what_comes_and_goes_between_two_turns_is_reckoned() {
    let real = &one_job_between_two_turns().real[0];
    // It booted for a second, worked for two and idled for a moment, in ten seconds.
    assert!((real.mean_workers() - 0.32).abs() < 1e-9, "{}", real.mean_workers());
    // The job waited until the turn, for 0.2 s on average where it came in the last 0.4 s, and for the worker to boot.
    assert!((real.mean_pickup_seconds() - 1.2).abs() < 1e-9, "{}", real.mean_pickup_seconds());
}

#[test]
fn each_pool_boots_as_it_really_did() {
    let lines = turn(1.0, &row(1, 0), 1.0) + &turn(2.0, &row(1, 0), 6.0);
    let replay = Replay::of(&Recording::read(lines.as_bytes()).unwrap(), &Configuration::default(), 1).unwrap();
    assert_eq!(replay.scenario.pools[0].boot_seconds, Some(6.0));
    assert!(replay.environment.status_listener);
}

#[test]
fn a_last_line_that_was_cut_off_is_passed_over() {
    let (_, lines) = recorded(1);
    let whole = Recording::read(lines.as_bytes()).unwrap().turns.len();
    let cut_off = Recording::read(&lines.as_bytes()[..lines.len() - 20]).unwrap().turns.len();
    assert_eq!(cut_off, whole - 1);
}

#[test]
fn a_line_that_is_no_turn_is_named() {
    let (_, lines) = recorded(1);
    let spoilt = lines.replacen("\"version\":1", "\"version\":9", 2);
    let error = Recording::read(spoilt.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "line 1: version: 9 where 1 was expected; record anew");
    assert!(matches!(error, RecordingError::Line { line: 1, .. }));
}

#[test]
fn traffic_that_would_never_be_over_is_refused() {
    let read = |lines: String| Recording::read(lines.as_bytes());
    let years = read(turn(1.0, &row(1, 0), 1.0) + &turn(1e9, &row(1, 0), 1.0)).unwrap_err();
    assert_eq!(years.to_string(), "too much traffic: it lasts for 11574 days, and 366 are the most");

    let flood = read(turn(1.0, &row(1, 0), 1.0) + &turn(2.0, &row(900_000_000_000, 0), 1.0)).unwrap();
    let refused = Replay::of(&flood, &Configuration::default(), 1).unwrap_err();
    assert_eq!(refused.to_string(), "too much traffic: 900000000000 jobs came in, and 10000000 are the most");

    let arrivals = |text: &str| read_arrivals(text.as_bytes(), &Configuration::default(), 1).unwrap_err().to_string();
    let for_ever = arrivals("arrived_at_seconds\n-1e308\n1e308\n");
    assert_eq!(for_ever, "too much traffic: it lasts for inf days, and 366 are the most");
    let long_job = arrivals("arrived_at_seconds,duration_seconds\n1,1e30\n");
    assert!(long_job.starts_with("too much traffic: it lasts for "), "{long_job}");
}
