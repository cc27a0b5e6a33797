//! What a turn leads to.

use crate::support::{TURN_SECONDS, decide, engine, idle_row, pool, row, workers};
use queue_autoscale::calculators::HostCapacity;
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::{
    ConstraintKind, PoolWorkers, ScalingDecision, ScalingEngine, SlaState, StrategyRecommendation, Turn,
};
use queue_autoscale::metrics::{InvalidMetrics, QueueMetrics};
use std::sync::Arc;

#[test]
fn a_waiting_job_gets_a_worker() {
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row(1, 0, Some(0.0)))], &[]);
    assert_eq!(decision.target_workers, 1, "{}", decision.reason);
}

#[test]
fn an_empty_queue_gets_none() {
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(idle_row())], &[]);
    assert_eq!(decision.target_workers, 0, "{}", decision.reason);
    assert_eq!(decision.sla_state, SlaState::Met);
}

#[test]
fn workers_without_work_leave_once_that_has_lasted() {
    let mut engine = engine(PoolSettings::default());
    let targets: Vec<u32> = (0..4)
        .map(|turn| {
            decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(idle_row())], &[workers(3, 0)]).target_workers
        })
        .collect();
    assert_eq!(targets.first(), Some(&3));
    assert_eq!(targets.last(), Some(&0));
}

#[test]
fn workers_in_reserve_leave_once_that_has_lasted_for_as_long_as_the_promise() {
    let mut settings = PoolSettings::default();
    settings.sla.max_pickup_time_seconds = 6.0;
    let mut engine = engine(settings);
    let targets = (0..7)
        .map(|second| decide(&mut engine, f64::from(second), vec![Ok(idle_row())], &[workers(3, 0)]).target_workers);
    assert_eq!(targets.collect::<Vec<_>>(), [3, 3, 3, 3, 3, 3, 0]);
}

#[test]
fn a_row_that_cannot_be_read_keeps_the_workers_and_is_reported() {
    let mut engine = engine(PoolSettings::default());
    decide(&mut engine, 0.0, vec![Ok(idle_row())], &[workers(3, 0)]);
    let broken = vec![Err(InvalidMetrics::new("redis:emails", "depth.pending", "\"many\" is no integer"))];
    for turn in 1..20 {
        let turn = Turn {
            now_seconds: TURN_SECONDS * f64::from(turn),
            metrics: &broken,
            workers: &[workers(3, 0)],
            host: None,
        };
        let evaluation = engine.evaluate(turn);
        assert_eq!(evaluation.decisions[0].target_workers, 3);
        assert_eq!(evaluation.decisions[0].sla_state, SlaState::Unknown);
        assert_eq!(evaluation.decisions[0].constraints[0].kind, ConstraintKind::MetricsUnreadable);
        assert_eq!(evaluation.errors.len(), 1);
    }
}

#[test]
fn a_row_that_is_missing_keeps_the_workers() {
    let mut engine = engine(PoolSettings::default());
    decide(&mut engine, 0.0, vec![Ok(idle_row())], &[workers(2, 1)]);
    for turn in 1..20 {
        assert_eq!(decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![], &[workers(2, 1)]).target_workers, 3);
    }
}

#[test]
fn a_full_cpu_leaves_a_queue_one_worker_and_full_memory_none() {
    let full_cpu = HostCapacity {
        cpu_limit_cores: 2.0,
        cpu_used_cores: Some(2.0),
        memory_limit_bytes: 1 << 34,
        memory_used_bytes: 0,
    };
    let full_memory = HostCapacity {
        cpu_limit_cores: 2.0,
        cpu_used_cores: Some(0.0),
        memory_limit_bytes: 1 << 34,
        memory_used_bytes: 1 << 34,
    };
    for (host, expected) in [(full_cpu, 1), (full_memory, 0)] {
        let mut engine = ScalingEngine::new(Arc::new(Configuration::default()));
        let metrics = vec![Ok(row(500, 0, Some(1.0)))];
        let evaluation = engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: Some(&host) });
        assert_eq!(evaluation.decisions[0].target_workers, expected);
    }
}

#[test]
fn busy_workers_are_never_taken_away() {
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    for turn in 0..30 {
        let decision = decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(row(0, 7, None))], &[workers(2, 7)]);
        assert!(decision.target_workers >= 7, "{}", decision.reason);
    }
}

#[test]
fn a_spike_on_an_idle_queue_is_answered_in_the_turn_that_sees_it() {
    let mut engine = engine(PoolSettings { max_workers: 50, ..PoolSettings::default() });
    for turn in 0..10 {
        decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(idle_row())], &[]);
    }
    let decision = decide(&mut engine, 50.0, vec![Ok(row(3000, 0, Some(2.0)))], &[]);
    assert_eq!(decision.target_workers, 50);
    assert_eq!(decision.sla_state, SlaState::AtRisk);
}

#[test]
fn a_lone_job_on_a_queue_that_is_known_to_be_quiet_is_started_well_within_the_sla() {
    let mut engine = engine(PoolSettings::default());
    for turn in 0..30 {
        decide(&mut engine, TURN_SECONDS * f64::from(turn), vec![Ok(idle_row())], &[]);
    }
    let targets: Vec<u32> = (0..4)
        .map(|turn| {
            let waited = TURN_SECONDS * f64::from(turn);
            decide(&mut engine, 150.0 + waited, vec![Ok(row(1, 0, Some(waited)))], &[]).target_workers
        })
        .collect();
    assert_eq!(targets, [0, 0, 0, 1]);
}

#[test]
fn an_explicit_minimum_holds_before_the_queue_is_ever_seen() {
    let value = serde_json::json!({"queues": {"redis:emails": {"min_workers": 2}}});
    let configuration = Configuration::from_json(&value).unwrap();
    let mut engine = ScalingEngine::new(Arc::new(configuration));
    let decision = decide(&mut engine, 0.0, vec![], &[]);
    assert_eq!((decision.pool.to_string().as_str(), decision.target_workers), ("redis:emails", 2));
}

#[test]
fn somebody_elses_recommendation_is_bounded_like_the_engines_own() {
    let mut engine = engine(PoolSettings::default());
    let metrics = vec![Ok(row(10, 0, Some(1.0)))];
    engine.observe(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None });
    assert_eq!(engine.recommendations().len(), 1);
    let wish = StrategyRecommendation { pool: pool(), workers: 99, reason: "it is Monday".into() };
    let decision = &engine.decide(&[wish]).decisions[0];
    assert_eq!((decision.recommended_workers, decision.target_workers), (99, 10));
    assert!(decision.reason.contains("it is Monday") && decision.reason.contains("max_workers"), "{}", decision.reason);
}

#[test]
fn the_host_is_shared_and_never_filled_beyond_its_limit() {
    let limits = Limits { max_cpu_percent: 80.0, ..Limits::default() };
    let settings = PoolSettings { worker_cpu_cores: 0.5, max_workers: 50, ..PoolSettings::default() };
    let mut engine = ScalingEngine::new(Arc::new(Configuration::for_pool(settings, limits)));
    let host = HostCapacity {
        cpu_limit_cores: 10.0,
        cpu_used_cores: Some(1.0),
        memory_limit_bytes: 1 << 40,
        memory_used_bytes: 1 << 30,
    };
    let queue = |queue: &str| Ok(QueueMetrics { queue: queue.into(), ..row(5000, 0, Some(20.0)) });
    let metrics = vec![queue("a"), queue("b")];
    let evaluation = engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: Some(&host) });
    // 80 % of ten cores less the one that others use are seven: fourteen workers of half a core, seven each.
    let targets: Vec<u32> = evaluation.decisions.iter().map(|decision| decision.target_workers).collect();
    assert_eq!(targets, [7, 7]);
    assert_eq!(evaluation.decisions[0].constraints.last().unwrap().kind, ConstraintKind::HostCpu);
}

/// A host of ten cores of which all are in use but some.
fn busy_host(free_cores: f64) -> HostCapacity {
    HostCapacity {
        cpu_limit_cores: 10.0,
        cpu_used_cores: Some(10.0 - free_cores),
        memory_limit_bytes: 1 << 40,
        memory_used_bytes: 1 << 30,
    }
}

/// The target of a queue whose workers take a core each, on `host`.
fn target_on(host: &HostCapacity, ours: &PoolWorkers, row: QueueMetrics) -> u32 {
    let settings = PoolSettings { worker_cpu_cores: 1.0, max_workers: 50, ..PoolSettings::default() };
    let mut engine = ScalingEngine::new(Arc::new(Configuration::for_pool(settings, Limits::default())));
    let metrics = vec![Ok(row)];
    let turn = Turn { now_seconds: 0.0, metrics: &metrics, workers: std::slice::from_ref(ours), host: Some(host) };
    engine.evaluate(turn).decisions[0].target_workers
}

#[test]
fn a_full_cpu_adds_nobody_and_takes_nobody_from_a_backlog_whether_seen_in_a_job_or_between_two() {
    for (idle, busy) in [(0, 6), (4, 2), (6, 0)] {
        let ours = PoolWorkers { cpu_used_cores: 6.0, ..workers(idle, busy) };
        let late = || row(913, busy.into(), Some(45.0));
        assert_eq!(target_on(&busy_host(0.0), &ours, late()), 6, "{idle} idle, {busy} busy");
        assert_eq!(target_on(&busy_host(4.0), &ours, late()), 8, "85 % of ten cores are eight workers");
    }
}

#[test]
fn nobody_is_added_where_workers_themselves_have_filled_the_cpu() {
    // They take two cores each where one was planned.
    let ours = PoolWorkers { cpu_used_cores: 10.0, worker_cpu_cores: Some(1.0), ..workers(0, 5) };
    assert_eq!(target_on(&busy_host(0.0), &ours, row(913, 5, Some(45.0))), 5);
}

#[test]
fn a_full_memory_takes_workers_away() {
    let ours = PoolWorkers { memory_used_bytes: 6 << 30, worker_memory_bytes: Some(1 << 30), ..workers(0, 6) };
    let host = HostCapacity {
        memory_limit_bytes: 10 << 30,
        memory_used_bytes: 10 << 30,
        cpu_used_cores: Some(0.0),
        ..busy_host(10.0)
    };
    // Others use four of 8.5 gibibytes.
    assert_eq!(target_on(&host, &ours, row(913, 6, Some(45.0))), 4);
}

#[test]
fn a_decision_is_the_same_whatever_the_order_of_the_queues() {
    let queue = |number: u64| {
        Ok(QueueMetrics { queue: format!("queue-{number}").into(), ..row(number * 37, 0, Some(number as f64)) })
    };
    let limits = Limits { max_total_workers: Some(25), ..Limits::default() };
    let run = |order: &mut dyn Iterator<Item = u64>| {
        let settings = PoolSettings { max_workers: 30, ..PoolSettings::default() };
        let mut engine = ScalingEngine::new(Arc::new(Configuration::for_pool(settings, limits.clone())));
        let metrics: Vec<Result<QueueMetrics, InvalidMetrics>> = order.map(queue).collect();
        engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None })
    };
    let forwards = run(&mut (1..20));
    assert_eq!(forwards, run(&mut (1..20).rev()));
    assert_eq!(forwards.decisions.iter().map(|decision| decision.target_workers).sum::<u32>(), 25);
}

#[test]
fn the_json_form_is_the_documented_one() {
    let mut engine = engine(PoolSettings::default());
    let decision = decide(&mut engine, 0.0, vec![Ok(row(120, 0, Some(12.0)))], &[]);
    let json = serde_json::to_value(&decision).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "arrival_rate_confidence",
            "arrival_rate_per_second",
            "backlog_drain",
            "boot_seconds",
            "connection",
            "constraints",
            "current_workers",
            "forecast_rate_per_second",
            "idle_floor_workers",
            "max_pickup_time_seconds",
            "oldest_job_age_seconds",
            "pending",
            "pickup_time",
            "predicted_pickup_time_seconds",
            "predictive",
            "queues",
            "reason",
            "recommended_workers",
            "service_time_seconds",
            "service_time_source",
            "sla_state",
            "steady_state",
            "target_workers",
        ]
    );
}

/// The decision after ten half-second jobs a second, for two minutes; `settings` are the pool's.
fn steady_decision(settings: PoolSettings) -> ScalingDecision {
    let mut engine = engine(settings);
    let mut last = None;
    for turn in 0..24_u32 {
        let row = QueueMetrics { throughput_per_minute: 600.0, ..row(0, 5, None) };
        let seconds = TURN_SECONDS * f64::from(turn);
        let told = PoolWorkers {
            busy_seconds_total: 5.0 * seconds,
            jobs_finished_total: Some(50 * u64::from(turn)),
            ..workers(1, 5)
        };
        last = Some(decide(&mut engine, seconds, vec![Ok(row)], &[told]));
    }
    last.unwrap()
}

#[test]
fn idle_workers_stay_as_far_as_the_load_needs_them() {
    let decision = steady_decision(PoolSettings::default());
    assert!((4..=5).contains(&decision.idle_floor_workers), "{decision:?}");
    assert!(decision.idle_floor_workers <= decision.target_workers);
}

#[test]
fn the_worker_of_a_single_job_may_leave_once_the_job_is_done() {
    let of_one_job = |settings| {
        let decision = decide(&mut engine(settings), 0.0, vec![Ok(row(1, 0, Some(1.0)))], &[]);
        (decision.target_workers, decision.idle_floor_workers)
    };
    assert_eq!(of_one_job(PoolSettings::default()), (1, 0));
    assert_eq!(of_one_job(PoolSettings { min_workers: 1, ..PoolSettings::default() }), (1, 1));
    // Whoever asks for a cooldown wants decreases to be spaced.
    assert_eq!(of_one_job(PoolSettings { cooldown_seconds: 60.0, ..PoolSettings::default() }), (1, 1));
}

#[test]
fn nobody_leaves_where_somebody_else_decides_or_the_metrics_cannot_be_read() {
    let mut engine = engine(PoolSettings::default());
    let metrics = vec![Ok(row(1, 0, Some(1.0)))];
    engine.observe(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None });
    let wish = StrategyRecommendation { pool: pool(), workers: 3, reason: "as I say".to_owned() };
    let decision = engine.decide(&[wish]).decisions.remove(0);
    assert_eq!((decision.target_workers, decision.idle_floor_workers), (3, 3));

    let decision = decide(&mut engine, 5.0, vec![], &[workers(3, 0)]);
    assert_eq!((decision.target_workers, decision.idle_floor_workers), (3, 3));
}

#[test]
fn a_worker_that_only_looks_for_delayed_jobs_stays_until_it_is_seen() {
    let mut engine = engine(PoolSettings::default());
    let delayed = QueueMetrics { scheduled: 3, ..idle_row() };
    let decision = decide(&mut engine, 0.0, vec![Ok(delayed)], &[]);
    assert_eq!((decision.target_workers, decision.idle_floor_workers), (1, 1));
}

#[test]
fn pools_of_one_connection_are_decided_apart() {
    let mut engine = engine(PoolSettings::default());
    let other = QueueMetrics { queue: "reports".into(), ..idle_row() };
    let metrics = vec![Ok(row(500, 0, Some(20.0))), Ok(other)];
    let evaluation = engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None });
    let targets: Vec<(&PoolId, u32)> =
        evaluation.decisions.iter().map(|decision| (&decision.pool, decision.target_workers)).collect();
    assert_eq!(targets, [(&pool(), 10), (&PoolId::new("redis", "reports"), 0)]);
}
