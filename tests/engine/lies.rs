//! The ten things that the metrics do not tell, each seen in a recording: the decision is right all the same.

use crate::support::{TURN_SECONDS, decide, decide_for, engine, pool, recorded, recorded_row, row, workers};
use queue_autoscale::config::{PoolId, PoolSettings};
use queue_autoscale::engine::{PoolWorkers, ScalingDecision, ServiceTimeSource, SlaState, Turn};
use queue_autoscale::metrics::{InvalidMetrics, QueueMetrics};

/// Plays a queue in steady state: `rate` jobs a second of `service` seconds each, all workers of ours.
struct SteadyQueue {
    rate: f64,
    service: f64,
    row: QueueMetrics,
}

impl SteadyQueue {
    fn after_turns(&self, turns: u32) -> ScalingDecision {
        let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
        let busy = (self.rate * self.service).round() as u32;
        let mut last = None;
        for turn in 0..turns {
            let now = TURN_SECONDS * f64::from(turn);
            let ours = PoolWorkers { busy_seconds_total: self.rate * self.service * now, ..workers(0, busy) };
            last = Some(decide(&mut engine, now, vec![Ok(self.row.clone())], &[ours]));
        }
        last.unwrap()
    }
}

#[test]
fn lie_1_no_duration_is_reported_so_the_utilisation_law_tells_it() {
    // Recorded: three workers, all busy for a minute, 841 jobs done, a mean duration of 0 ms.
    let row = QueueMetrics {
        connection: "redis".into(),
        queue: "emails".into(),
        ..recorded_row("04-backlog-3-workers-70s", "redis:default")
    };
    assert_eq!(row.avg_duration_ms, 0.0);
    let decision = SteadyQueue { rate: 841.0 / 60.0, service: 3.0 * 60.0 / 841.0, row }.after_turns(40);
    assert_eq!(decision.service_time_source, ServiceTimeSource::UtilisationLaw);
    assert!((decision.service_time_seconds - 0.214).abs() < 0.005, "{}", decision.service_time_seconds);
}

#[test]
fn lie_1_a_duration_with_the_wait_in_it_is_not_believed() {
    let row = QueueMetrics { throughput_per_minute: 600.0, avg_duration_ms: 12_500.0, ..row(40, 5, Some(4.0)) };
    let decision = SteadyQueue { rate: 10.0, service: 0.5, row }.after_turns(40);
    assert_eq!(decision.service_time_source, ServiceTimeSource::UtilisationLaw);
    assert!((decision.service_time_seconds - 0.5).abs() < 0.01);
}

#[test]
fn lie_1_a_duration_that_agrees_with_the_law_is_believed() {
    let row = QueueMetrics { throughput_per_minute: 600.0, avg_duration_ms: 510.0, ..row(40, 5, Some(4.0)) };
    let queue = || SteadyQueue { rate: 10.0, service: 0.5, row: row.clone() };
    let decision = queue().after_turns(2);
    assert_eq!(decision.service_time_source, ServiceTimeSource::Reported);
    assert_eq!(decision.service_time_seconds, 0.51);
    // Once a hundred jobs have been measured, the law knows better.
    let decision = queue().after_turns(40);
    assert_eq!(decision.service_time_source, ServiceTimeSource::UtilisationLaw);
    assert!((decision.service_time_seconds - 0.5).abs() < 0.01);
}

#[test]
fn lie_2_failed_attempts_take_worker_time_that_the_throughput_does_not_show() {
    // Recorded: 100 jobs came, 40 failed, the throughput says 60.
    let recorded = recorded_row("06-failing-jobs", "redis:failing");
    assert_eq!((recorded.throughput_per_minute, recorded.failure_rate_percent), (60.0, 40.0));
    // A hundred attempts of 0.9 s a minute: a load of 1.5 workers, whatever became of the attempts.
    let row = QueueMetrics { connection: "redis".into(), queue: "emails".into(), ..recorded };
    let decision = SteadyQueue { rate: 100.0 / 60.0, service: 0.9, row }.after_turns(60);
    let load = decision.arrival_rate_per_second * decision.service_time_seconds;
    assert!((load - 1.5).abs() < 0.1, "a load of {load}");
}

#[test]
fn lie_2_retries_are_no_new_work() {
    // Ten jobs a second come in; every second attempt fails and is tried again, so twenty attempts a second end.
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    let mut decision = None;
    for turn in 0..60_u32 {
        let now = TURN_SECONDS * f64::from(turn);
        let ours = PoolWorkers {
            busy_seconds_total: 20.0 * 0.25 * now,
            jobs_finished_total: Some(100 * u64::from(turn)),
            ..workers(0, 5)
        };
        let row = QueueMetrics { throughput_per_minute: 600.0, ..row(40, 5, Some(4.0)) };
        decision = Some(decide(&mut engine, now, vec![Ok(row)], &[ours]));
    }
    let decision = decision.unwrap();
    assert!((decision.arrival_rate_per_second - 10.0).abs() < 0.5, "{}", decision.arrival_rate_per_second);
    assert!((decision.service_time_seconds - 0.5).abs() < 0.03, "{}", decision.service_time_seconds);
}

#[test]
fn lie_3_dead_workers_are_counted_as_active_but_ours_are_known() {
    // Recorded: one of three workers was killed, the metrics still say three, all busy, three jobs held.
    let row = QueueMetrics {
        connection: "redis".into(),
        queue: "emails".into(),
        ..recorded_row("05-after-kill9-one-worker", "redis:default")
    };
    assert_eq!((row.active_workers, row.reserved), (3, 3));
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row)], &[workers(0, 2)]);
    assert_eq!(decision.current_workers, 2);
    assert_eq!(decision.target_workers, 10, "{}", decision.reason);
}

#[test]
fn lie_3_held_jobs_of_the_dead_do_not_keep_workers() {
    // Recorded after an outage: twenty jobs held by workers that are gone, forty "active".
    let row = QueueMetrics {
        connection: "redis".into(),
        queue: "emails".into(),
        ..recorded_row("10-after-redis-outage-with-dead-workers", "redis:burst")
    };
    assert_eq!((row.reserved, row.active_workers), (20, 40));
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    let mut target = 40;
    for turn in 0..40 {
        let row = QueueMetrics { throughput_per_minute: 0.0, ..row.clone() };
        target =
            decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(row)], &[workers(target, 0)]).target_workers;
    }
    assert_eq!(target, 0);
}

#[test]
fn lie_4_delayed_jobs_that_are_due_on_redis_are_looked_for_at_the_stated_interval() {
    // Recorded: twenty due jobs on Redis show pending 0 and age 0 as long as nobody looks.
    let metrics = vec![Ok(recorded_row("07b-delayed-due-no-worker", "redis:delayedq"))];
    let mut engine = engine(PoolSettings::default());
    let mut started = Vec::new();
    let mut current = 0;
    for turn in 0..13 {
        let now = TURN_SECONDS * f64::from(turn);
        let delayed = PoolId::new("redis", "delayedq");
        let ours = PoolWorkers { idle: current, ..PoolWorkers::none(delayed) };
        let decision = decide(&mut engine, now, metrics.clone(), &[ours]);
        if current == 0 && decision.target_workers == 1 {
            started.push(now);
            assert!(decision.reason.contains("20 delayed jobs"), "{}", decision.reason);
        }
        current = decision.target_workers;
    }
    assert_eq!(started, [0.0, 25.0, 50.0], "a look every 20 s after the last one");
}

#[test]
fn lie_4_delayed_jobs_that_the_driver_tells_by_itself_are_not_looked_for() {
    let mut engine = engine(PoolSettings::default());
    // Recorded on the database driver: first twenty delayed, then twenty pending, without a worker.
    let delayed = recorded_row("07a-delayed-not-due", "database:delayedq");
    let due = recorded_row("07b-delayed-due-no-worker", "database:delayedq");
    assert_eq!((delayed.scheduled, due.scheduled, due.pending), (20, 0, 20));
    decide(&mut engine, 0.0, vec![Ok(delayed.clone())], &[]);
    decide(&mut engine, 5.0, vec![Ok(due.clone())], &[]);
    let nothing_due = QueueMetrics { pending: 0, oldest_job_age_seconds: None, ..delayed };
    for turn in 2..60 {
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(nothing_due.clone())], &[]);
        assert!(turn < 12 || decision.target_workers == 0, "{}", decision.reason);
    }
}

#[test]
fn lie_5_an_age_that_jumps_is_no_breach() {
    // Recorded: the jobs became due a moment ago, Redis calls them 15.7 s old because of their delay.
    let settings = PoolSettings::default();
    let promised = 10.0;
    let settings = PoolSettings {
        sla: queue_autoscale::config::Sla { max_pickup_time_seconds: promised, ..settings.sla },
        ..settings
    };
    let mut engine = engine(settings);
    let key = "redis:delayedq";
    decide_for(&mut engine, 0.0, &recorded("07b-delayed-due-no-worker"), &[], key);
    let decision = decide_for(&mut engine, 5.0, &recorded("07c-delayed-after-migration"), &[], key);
    assert_eq!(decision.oldest_job_age_seconds, Some(5.0), "no older than the turn in which they came");
    assert_ne!(decision.sla_state, SlaState::Breached);
}

#[test]
fn lie_5_an_age_that_is_not_told_follows_from_when_the_jobs_came() {
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    // Ten jobs a second come in and nobody works: what waits now came in over the last 30 s.
    let mut decision = None;
    for turn in 0..=6_u32 {
        decision = Some(decide(
            &mut engine,
            TURN_SECONDS * f64::from(turn),
            vec![Ok(row(u64::from(50 * turn), 0, None))],
            &[],
        ));
    }
    let age = decision.unwrap().oldest_job_age_seconds.unwrap();
    assert!((age - 30.0).abs() < 1.0, "{age}");
}

#[test]
fn lie_6_phantoms_and_unworkable_names_start_nothing() {
    // Recorded: odd names, a queue "emails:high" told as an empty "emails", the default queue once more as "" and "0".
    let metrics = recorded("09-odd-queue-names");
    let mut engine = engine(PoolSettings::default());
    let turn = queue_autoscale::engine::Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None };
    for decision in engine.evaluate(turn).decisions {
        let name = &*decision.pool.queues;
        assert!(!["", "0"].contains(&name) && !name.contains(','), "nobody can work {name:?}");
        assert_eq!(decision.target_workers, u32::from(name != "emails"), "{name}: {}", decision.reason);
    }
}

#[test]
fn lie_7_the_failure_rate_of_all_time_changes_nothing() {
    let decide_at = |failure_rate_percent: f64| {
        let row = QueueMetrics { failure_rate_percent, ..row(120, 0, Some(12.0)) };
        decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row)], &[])
    };
    assert_eq!(decide_at(0.0), decide_at(100.0));
}

#[test]
fn lie_8_footprints_are_our_own_and_nonsense_is_not_planned_with() {
    let ours = PoolWorkers { worker_cpu_cores: Some(f64::NAN), boot_seconds: Some(f64::INFINITY), ..workers(1, 1) };
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row(120, 1, Some(12.0)))], &[ours]);
    assert_eq!(decision.boot_seconds, 1.5);
    assert!(decision.target_workers > 2);
}

#[test]
fn lie_9_where_the_call_throws_nothing_is_read_and_the_workers_stay() {
    let mut engine = engine(PoolSettings::default());
    decide(&mut engine, 0.0, vec![Ok(row(50, 4, Some(3.0)))], &[workers(0, 4)]);
    for turn in 1..30 {
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![], &[workers(4, 0)]);
        assert_eq!((decision.target_workers, decision.sla_state), (4, SlaState::Unknown));
    }
}

#[test]
fn lie_10_workers_are_back_within_the_turn_after_an_outage() {
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    let mut now = 0.0;
    for turn in 0..40 {
        now = TURN_SECONDS * f64::from(turn);
        let ours = PoolWorkers { busy_seconds_total: 10.0 * now, ..workers(0, 10) };
        decide(
            &mut engine,
            now,
            vec![Ok(QueueMetrics { throughput_per_minute: 1200.0, ..row(60, 10, Some(3.0)) })],
            &[ours],
        );
    }
    // Redis is away for a minute: no rows, and the workers die by themselves.
    let gone = vec![Err(InvalidMetrics::new("redis:emails", "", "connection refused"))];
    for _ in 0..12 {
        now += TURN_SECONDS;
        let decision =
            decide(&mut engine, now, gone.clone(), &[PoolWorkers { busy_seconds_total: 2000.0, ..workers(0, 0) }]);
        assert_eq!(decision.target_workers, 0, "what is there stays");
    }
    now += TURN_SECONDS;
    let back = vec![Ok(row(1300, 10, Some(65.0)))];
    let decision =
        decide(&mut engine, now, back, &[PoolWorkers { busy_seconds_total: 2000.0, ..PoolWorkers::none(pool()) }]);
    assert!(decision.target_workers >= 20, "{}", decision.reason);
    assert_eq!(decision.service_time_source, ServiceTimeSource::LastKnown);
    assert!((decision.service_time_seconds - 0.5).abs() < 0.05, "{}", decision.service_time_seconds);
}

/// A queue as QueueMetrics 3.3 tells it when it could not read it.
fn unreadable_row() -> QueueMetrics {
    let recorded = recorded_row("3.3-unreadable-queue", "flaky:work");
    QueueMetrics { connection: "redis".into(), queue: "emails".into(), ..recorded }
}

#[test]
fn since_3_3_a_queue_that_could_not_be_read_looks_empty_and_keeps_its_workers() {
    let mut engine = engine(PoolSettings { max_workers: 3, ..PoolSettings::default() });
    let ours = |done: u64| PoolWorkers {
        busy_seconds_total: 2.0 * done as f64,
        jobs_finished_total: Some(done),
        longest_job_seconds: Some(1.5),
        ..workers(0, 3)
    };
    decide(&mut engine, 0.0, vec![Ok(row(390, 3, Some(20.0)))], &[ours(0)]);
    for turn in 1..60_u32 {
        let now_seconds = TURN_SECONDS * f64::from(turn);
        let metrics = vec![Ok(unreadable_row())];
        let done = [ours(7 * u64::from(turn))];
        let evaluation = engine.evaluate(Turn { now_seconds, metrics: &metrics, workers: &done, host: None });
        assert_eq!(evaluation.decisions[0].target_workers, 3, "{now_seconds} s: {}", evaluation.decisions[0].reason);
        // A single such row may be a job that ended in between.
        assert_eq!(evaluation.errors.len(), usize::from(turn > 1), "{:?}", evaluation.errors);
    }
}

#[test]
fn since_3_3_a_backlog_is_not_forgotten_for_a_row_of_zeros_between_two_jobs() {
    let mut engine = engine(PoolSettings { max_workers: 3, ..PoolSettings::default() });
    let ours = |idle, done| PoolWorkers { jobs_finished_total: Some(done), ..workers(idle, 3 - idle) };
    decide(&mut engine, 0.0, vec![Ok(row(390, 3, Some(20.0)))], &[ours(0, 0)]);
    // All three happen to be between two jobs, each time.
    for turn in 1..30_u32 {
        let ours = [ours(3, 7 * u64::from(turn))];
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(unreadable_row())], &ours);
        assert_eq!(decision.target_workers, 3, "{}", decision.reason);
    }
}

#[test]
fn a_queue_that_was_cleared_loses_its_workers_once_they_stand_idle() {
    let mut engine = engine(PoolSettings::default());
    let ours = PoolWorkers { jobs_finished_total: Some(0), ..workers(3, 0) };
    decide(&mut engine, 0.0, vec![Ok(row(390, 0, Some(20.0)))], std::slice::from_ref(&ours));
    let mut target = 3;
    for turn in 1..60_u32 {
        let ours = PoolWorkers { idle: target, ..ours.clone() };
        target = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(row(0, 0, None))], &[ours]).target_workers;
    }
    assert_eq!(target, 0);
}

#[test]
fn since_3_3_due_jobs_are_told_and_nobody_is_started_to_look_for_them() {
    let late = recorded_row("3.3-delayed-due-now", "redis:late");
    let late = QueueMetrics { queue: "emails".into(), ..late };
    let mut engine = engine(PoolSettings::default());
    let none_due = QueueMetrics { delayed_due_now: Some(0), ..late.clone() };
    for turn in 0..20 {
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(none_due.clone())], &[]);
        assert_eq!(decision.target_workers, 0, "{}", decision.reason);
    }
    let due_at = 100.0;
    let decision = decide(&mut engine, due_at, vec![Ok(late.clone())], &[]);
    // They became due since the last look; how long ago within it is not known.
    assert_eq!((decision.pending, decision.oldest_job_age_seconds), (2, Some(TURN_SECONDS)));
    let starts = |turn: &u32| {
        let now = due_at + TURN_SECONDS * f64::from(*turn);
        decide(&mut engine, now, vec![Ok(late.clone())], &[]).target_workers > 0
    };
    let waited = TURN_SECONDS * f64::from((1..20).find(starts).unwrap());
    assert!(TURN_SECONDS + waited < 30.0, "a worker is started after {waited} s");
}

#[test]
fn since_when_due_jobs_wait_that_were_there_from_the_start_is_not_known() {
    let late = recorded_row("3.3-delayed-due-now", "redis:late");
    let late = QueueMetrics { queue: "emails".into(), ..late };
    let mut engine = engine(PoolSettings::default());
    for turn in 0..3 {
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(late.clone())], &[]);
        assert_eq!((decision.pending, decision.oldest_job_age_seconds), (2, None));
        assert!(decision.target_workers >= 1, "{}", decision.reason);
    }
}
