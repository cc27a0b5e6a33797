//! The engine's decisions, seen from outside.

use queue_autoscale::calculators::HostCapacity;
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::{ConstraintKind, PoolWorkers, ScalingDecision, ScalingEngine, SlaState, Turn};
use queue_autoscale::metrics::{InvalidMetrics, MetricsReading, QueueMetrics};
use std::sync::Arc;

fn engine(settings: PoolSettings) -> ScalingEngine {
    ScalingEngine::new(Arc::new(Configuration::for_pool(settings, Limits::default())))
}

fn row(pending: u64, reserved: u64, age: Option<f64>) -> QueueMetrics {
    QueueMetrics {
        connection: "redis".into(),
        queue: "emails".into(),
        pending,
        scheduled: 0,
        reserved,
        oldest_job_age_seconds: age,
        throughput_per_minute: 0.0,
        avg_duration_ms: 0.0,
        failure_rate_percent: 0.0,
        active_workers: 0,
        busy_percent: 0.0,
    }
}

fn pool() -> PoolId {
    PoolId::new("redis", "emails")
}

fn decide(engine: &mut ScalingEngine, now: f64, metrics: MetricsReading, workers: &[PoolWorkers]) -> ScalingDecision {
    let turn = Turn { now_seconds: now, metrics: &metrics, workers, host: None };
    engine.evaluate(turn).decisions.remove(0)
}

fn workers(idle: u32, busy: u32) -> PoolWorkers {
    PoolWorkers { idle, busy, ..PoolWorkers::none(pool()) }
}

#[test]
fn a_waiting_job_gets_a_worker() {
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row(1, 0, Some(0.0)))], &[]);
    assert_eq!(decision.target_workers, 1, "{}", decision.reason);
}

#[test]
fn an_empty_queue_gets_none() {
    let decision = decide(&mut engine(PoolSettings::default()), 0.0, vec![Ok(row(0, 0, None))], &[]);
    assert_eq!(decision.target_workers, 0, "{}", decision.reason);
    assert_eq!(decision.sla_state, SlaState::Met);
}

#[test]
fn workers_without_work_leave_once_that_has_lasted() {
    let mut engine = engine(PoolSettings::default());
    let targets: Vec<u32> = (0..4)
        .map(|turn| {
            decide(&mut engine, 5.0 * f64::from(turn), vec![Ok(row(0, 0, None))], &[workers(3, 0)]).target_workers
        })
        .collect();
    assert_eq!(targets.first(), Some(&3));
    assert_eq!(targets.last(), Some(&0));
}

#[test]
fn a_row_that_cannot_be_read_keeps_the_workers_and_is_reported() {
    let mut engine = engine(PoolSettings::default());
    decide(&mut engine, 0.0, vec![Ok(row(0, 0, None))], &[workers(3, 0)]);
    let broken = vec![Err(InvalidMetrics::new("redis:emails", "depth.pending", "\"many\" is no integer"))];
    for turn in 1..20 {
        let turn = Turn { now_seconds: 5.0 * f64::from(turn), metrics: &broken, workers: &[workers(3, 0)], host: None };
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
    decide(&mut engine, 0.0, vec![Ok(row(0, 0, None))], &[workers(2, 1)]);
    for turn in 1..20 {
        assert_eq!(decide(&mut engine, 5.0 * f64::from(turn), vec![], &[workers(2, 1)]).target_workers, 3);
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
