//! What the tests need to play a manager.

use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::{PoolWorkers, ScalingDecision, ScalingEngine, Turn};
use queue_autoscale::metrics::{MetricsReading, QueueMetrics, read_row};
use serde_json::Value;
use std::sync::Arc;

/// Time between two turns, in seconds.
pub const TURN_SECONDS: f64 = 5.0;

/// An engine with the same settings for every queue and no limits of the host.
pub fn engine(settings: PoolSettings) -> ScalingEngine {
    ScalingEngine::new(Arc::new(Configuration::for_pool(settings, Limits::default())))
}

/// The pool of most tests.
pub fn pool() -> PoolId {
    PoolId::new("redis", "emails")
}

/// Its row with nothing in it.
pub fn idle_row() -> QueueMetrics {
    row(0, 0, None)
}

/// Its row with jobs waiting and held.
pub fn row(pending: u64, reserved: u64, oldest_job_age_seconds: Option<f64>) -> QueueMetrics {
    QueueMetrics {
        connection: "redis".into(),
        queue: "emails".into(),
        pending,
        scheduled: 0,
        delayed_due_now: None,
        reserved,
        oldest_job_age_seconds,
        throughput_per_minute: 0.0,
        avg_duration_ms: 0.0,
        failure_rate_percent: 0.0,
        active_workers: 0,
        busy_percent: 0.0,
    }
}

/// Its workers.
pub fn workers(idle: u32, busy: u32) -> PoolWorkers {
    PoolWorkers { idle, busy, ..PoolWorkers::none(pool()) }
}

/// A recording of what QueueMetrics returned.
pub fn recorded(name: &str) -> MetricsReading {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    match serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() {
        Value::Object(rows) => rows.iter().map(|(key, row)| read_row(key, row)).collect(),
        _ => Vec::new(),
    }
}

/// One row of a recording.
pub fn recorded_row(name: &str, queue: &str) -> QueueMetrics {
    recorded(name).into_iter().flatten().find(|row| format!("{}:{}", row.connection, row.queue) == queue).unwrap()
}

/// The decision for one pool.
pub fn decide(
    engine: &mut ScalingEngine,
    now: f64,
    metrics: MetricsReading,
    workers: &[PoolWorkers],
) -> ScalingDecision {
    let turn = Turn { now_seconds: now, metrics: &metrics, workers, host: None };
    let mut decisions = engine.evaluate(turn).decisions;
    assert_eq!(decisions.len(), 1);
    decisions.remove(0)
}

/// The decision for `queue`, of a reading of several.
pub fn decide_for(
    engine: &mut ScalingEngine,
    now: f64,
    metrics: &MetricsReading,
    workers: &[PoolWorkers],
    queue: &str,
) -> ScalingDecision {
    let turn = Turn { now_seconds: now, metrics, workers, host: None };
    let decisions = engine.evaluate(turn).decisions;
    decisions.into_iter().find(|decision| decision.pool.to_string() == queue).unwrap()
}
