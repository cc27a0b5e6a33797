//! What a tracked queue costs in memory. The only test of its process, as others would be measured with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use queue_autoscale::config::{Configuration, PoolId};
use queue_autoscale::engine::{PoolWorkers, ScalingEngine, Turn};
use queue_autoscale::metrics::{MetricsReading, QueueMetrics};
use std::sync::Arc;

/// Time between two turns, in seconds.
const TURN_SECONDS: f64 = 5.0;

const QUEUES: u64 = 4_000;

/// Most that may be kept of one queue, in bytes.
const MOST_BYTES: usize = 4096;

/// Resident memory of this process, in bytes.
fn resident_bytes() -> Option<usize> {
    const KIBIBYTE: usize = 1024;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok().map(|kibibytes| kibibytes * KIBIBYTE)
}

#[test]
fn a_queue_with_room_for_an_hours_history_takes_less_than_four_kibibytes() {
    let reading = |turn: u64| -> MetricsReading {
        (0..QUEUES)
            .map(|queue| {
                Ok(QueueMetrics {
                    connection: "redis".into(),
                    queue: format!("queue-{queue}").into(),
                    pending: turn % 7,
                    scheduled: 0,
                    delayed_due_now: None,
                    reserved: 1,
                    oldest_job_age_seconds: Some(1.0),
                    throughput_per_minute: 0.0,
                    avg_duration_ms: 0.0,
                    failure_rate_percent: 0.0,
                    active_workers: 1,
                    busy_percent: 100.0,
                })
            })
            .collect()
    };
    let workers: Vec<PoolWorkers> = (0..QUEUES)
        .map(|queue| PoolWorkers { busy: 1, ..PoolWorkers::none(PoolId::new("redis", format!("queue-{queue}"))) })
        .collect();
    let readings: Vec<MetricsReading> = (0..17).map(reading).collect();
    let Some(before) = resident_bytes() else { return };
    let mut engine = ScalingEngine::new(Arc::new(Configuration::default()));
    for turn in 0..40_u32 {
        let now_seconds = TURN_SECONDS * f64::from(turn);
        engine.observe(Turn { now_seconds, metrics: &readings[(turn % 17) as usize], workers: &workers, host: None });
    }
    let Some(after) = resident_bytes() else { return };
    let each = after.saturating_sub(before) / QUEUES as usize;
    println!("{each} bytes a queue");
    assert!(each < MOST_BYTES, "{each} bytes a queue");
    assert_eq!(engine.recommendations().len() as u64, QUEUES);
}
