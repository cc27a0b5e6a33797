//! What a turn of the engine costs, rows already read: one queue to ten thousand.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::{PoolWorkers, ScalingEngine, Turn};
use queue_autoscale::metrics::{MetricsReading, QueueMetrics};
use std::hint::black_box;
use std::sync::Arc;

const QUEUES: [u64; 4] = [1, 100, 1_000, 10_000];

const TURN_SECONDS: f64 = 5.0;

/// Readings that follow one another, so that the estimators have something to do.
const READINGS: u64 = 12;

/// Turns before the measurement: an hour, so that every history is full.
const WARM_UP_TURNS: u64 = 730;

fn reading(queues: u64, turn: u64) -> MetricsReading {
    (0..queues)
        .map(|queue| {
            let noise = (turn * 7 + queue * 13) % 11;
            Ok(QueueMetrics {
                connection: "redis".into(),
                queue: format!("queue-{queue}").into(),
                pending: noise,
                scheduled: 0,
                delayed_due_now: None,
                reserved: 2,
                oldest_job_age_seconds: (noise > 0).then_some(1.0),
                throughput_per_minute: (300 + noise) as f64,
                avg_duration_ms: 0.0,
                failure_rate_percent: 0.0,
                active_workers: 3,
                busy_percent: 66.0,
            })
        })
        .collect()
}

fn workers(queues: u64, turn: u64) -> Vec<PoolWorkers> {
    (0..queues)
        .map(|queue| PoolWorkers {
            idle: 1,
            busy: 2,
            busy_seconds_total: 2.0 * TURN_SECONDS * turn as f64,
            ..PoolWorkers::none(PoolId::new("redis", format!("queue-{queue}")))
        })
        .collect()
}

fn evaluate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    for queues in QUEUES {
        let configuration = Configuration::for_pool(PoolSettings::default(), Limits::default());
        let mut engine = ScalingEngine::new(Arc::new(configuration));
        let readings: Vec<MetricsReading> = (0..READINGS).map(|turn| reading(queues, turn)).collect();
        let mut workers = workers(queues, 0);
        let mut turn = 0;
        let mut next = || {
            let now_seconds = TURN_SECONDS * turn as f64;
            for workers in &mut workers {
                workers.busy_seconds_total += 2.0 * TURN_SECONDS;
            }
            let metrics = &readings[(turn % READINGS) as usize];
            turn += 1;
            engine.evaluate(Turn { now_seconds, metrics, workers: &workers, host: None })
        };
        for _ in 0..WARM_UP_TURNS {
            next();
        }
        group.throughput(Throughput::Elements(queues));
        group.bench_function(BenchmarkId::from_parameter(queues), |bencher| bencher.iter(|| black_box(next())));
    }
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
