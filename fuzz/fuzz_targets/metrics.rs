//! Any JSON in place of what QueueMetrics returns is refused row by row, and the decisions of all turns stay in bounds.
//!
//! The input is any number of readings, one after the other; each is a turn.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use queue_autoscale::config::Configuration;
use queue_autoscale::engine::{PoolWorkers, ScalingEngine, Turn};
use queue_autoscale::metrics::{MetricsReading, read_row};
use queue_autoscale_fuzz::{check_decision, mutate_json, obeyed};
use serde_json::{Map, Value, json};
use std::sync::{Arc, LazyLock};

const TURN_SECONDS: f64 = 5.0;

static CONFIGURATION: LazyLock<Arc<Configuration>> = LazyLock::new(|| {
    let configuration = Configuration::from_json(&json!({
        "connection": "redis",
        "defaults": {"max_workers": 40},
        "queues": {"emails": {"min_workers": 2}, "database:reports": {"max_pickup_time_seconds": 300}},
        "groups": {"orders": {"queues": ["high", "default", "low"]}},
        "limits": {"max_total_workers": 100},
    }));
    Arc::new(configuration.expect("a configuration that is right"))
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate_json(data, size, max_size, seed) });

fuzz_target!(|text: &[u8]| {
    let mut engine = ScalingEngine::new(Arc::clone(&CONFIGURATION));
    let mut workers: Vec<PoolWorkers> = Vec::new();
    let mut now_seconds = 0.0;
    for reading in serde_json::Deserializer::from_slice(text).into_iter::<Map<String, Value>>() {
        let Ok(rows) = reading else { return };
        let metrics: MetricsReading = rows.iter().map(|(key, row)| read_row(key, row)).collect();
        let refused = metrics.iter().filter(|row| row.is_err()).count();
        now_seconds += TURN_SECONDS;
        let evaluation = engine.evaluate(Turn { now_seconds, metrics: &metrics, workers: &workers, host: None });
        assert!(evaluation.errors.len() >= refused, "a row that was refused is not told");
        for decision in &evaluation.decisions {
            check_decision(decision, Some(&CONFIGURATION.pool_settings(&decision.pool)));
        }
        let total: u32 = evaluation.decisions.iter().map(|decision| decision.target_workers).sum();
        assert!(total <= 100, "{total} workers are more than max_total_workers");
        workers = evaluation.decisions.iter().map(obeyed).collect();
    }
});
